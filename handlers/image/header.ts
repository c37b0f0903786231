import { imageDimensionsFromData } from "image-dimensions";
import type { ImageFormat } from "../imageTypes";
import { gifFrames } from "./gif";
import { isFrame } from "./jpeg";
import { APP1, jpegSegments, kindOf, mediaBoxes, pngChunks, SOS, webpChunks, type Bytes, type Part } from "./parts";
import type { Size } from "./sizes";
import { firstDirectory } from "./tiff";

/**
 * The sides of the picture as it is shown, read from the file's header without native code; undefined for a header that
 * cannot be read, or that is of another format.
 */
export function readHeader(file: Bytes, format: ImageFormat): Size | undefined {
  try {
    const stored = storedSize(file, format);
    if (!stored || stored.width < 1 || stored.height < 1) return undefined;
    const { width, height } = stored;
    return isTurned(file, format) ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}

/** Sides as they are stored, before any turn. */
function storedSize(file: Bytes, format: ImageFormat): Size | undefined {
  switch (format) {
    case "tiff":
      return tiffSize(file);
    case "gif":
      return gifSize(file);
    case "jpeg":
      return jpegSize(file);
    case "avif":
      return avifSize(file);
    default:
      return sizeByLibrary(file.subarray(0, SIDES_END), format);
  }
}

/** The sides of a PNG and of a WebP are within so many bytes. */
const SIDES_END = 64;

/** The library copies all that it is given, so it gets only what it needs. */
function sizeByLibrary(header: Uint8Array, format: ImageFormat): Size | undefined {
  const found = imageDimensionsFromData(header);
  return found?.type === format ? found : undefined;
}

function jpegSize(file: Bytes): Size | undefined {
  const found = firstOf(jpegSegments(file), ({ kind }) => kind === SOS || isFrame(kind));
  if (!found || found.kind === SOS) return undefined;
  return { height: file.readUInt16BE(found.start + 1), width: file.readUInt16BE(found.start + 3) };
}

/** Tags of a TIFF directory. */
const WIDTH = 256;
const HEIGHT = 257;
const ORIENTATION = 274;

function tiffSize(file: Bytes): Size | undefined {
  const directory = firstDirectory(file);
  const [width, height] = [directory.get(WIDTH), directory.get(HEIGHT)];
  return width === undefined || height === undefined ? undefined : { width, height };
}

/** The screen, which decoders make larger for a frame that reaches beyond it. */
function gifSize(file: Bytes): Size {
  let [width, height] = [file.readUInt16LE(6), file.readUInt16LE(8)];
  for (const frame of gifFrames(file)) {
    width = Math.max(width, frame.left + frame.width);
    height = Math.max(height, frame.top + frame.height);
  }
  return { width, height };
}

/** Whether the picture is shown on its side. Decoders pass over orientations that they cannot read, and so does this. */
function isTurned(file: Bytes, format: ImageFormat): boolean {
  try {
    if (format === "avif") return avifTurns(file) % 2 === 1;
    const exif = format === "tiff" ? file : exifOf(file, format);
    const orientation = exif && firstDirectory(exif).get(ORIENTATION);
    return orientation !== undefined && orientation >= 5 && orientation <= 8;
  } catch {
    return false;
  }
}

/** A file's EXIF data, which is a TIFF structure; some formats put a mark of their own before it. */
export function exifOf(file: Bytes, format: ImageFormat): Buffer | undefined {
  const mark = "Exif\0\0";
  const contents = ({ start, end }: Part) => file.subarray(start, end);
  const isMarked = ({ start, end }: Part) =>
    file.subarray(start, Math.min(end, start + mark.length)).toString("latin1") === mark;
  const find = (parts: Iterable<Part>, isExif: (part: Part) => boolean) => {
    const found = firstOf(parts, isExif);
    if (!found || found.kind === SOS) return undefined;
    return isMarked(found) ? contents(found).subarray(mark.length) : contents(found);
  };
  if (format === "jpeg") {
    const isExif = (part: Part) => part.kind === APP1 && isMarked(part);
    return find(jpegSegments(file), (part) => part.kind === SOS || isExif(part));
  }
  if (format === "png") return find(pngChunks(file), isKind("eXIf"));
  if (format === "webp") return find(webpChunks(file), isKind("EXIF"));
  return undefined;
}

/** The library takes many times the memory of an AVIF's type and metadata, of which real files have a few kilobytes. */
const AVIF_META_BYTES = 1_000_000;

function avifSize(file: Bytes): Size | undefined {
  const boxes = () => mediaBoxes(file, 0, file.length);
  const [type, meta] = [firstOf(boxes(), () => true), firstOf(boxes(), isKind("meta"))];
  if (!type || !meta || type.end + meta.end - meta.start > AVIF_META_BYTES) return undefined;
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + meta.end - meta.start);
  head.write("meta", 4);
  return sizeByLibrary(Buffer.concat([file.subarray(0, type.end), head, file.subarray(meta.start, meta.end)]), "avif");
}

/**
 * How many quarter turns an AVIF is shown with: the angle in the first `irot` of its properties. The other pictures in
 * the file, its alpha plane and its thumbnail, are turned likewise.
 */
function avifTurns(file: Bytes): number {
  let inside: Part = { kind: 0, start: 0, end: file.length };
  for (const kind of ["meta", "iprp", "ipco", "irot"]) {
    const found = firstOf(mediaBoxes(file, inside.start, Math.min(inside.end, file.length)), isKind(kind));
    if (!found) return 0;
    inside = kind === "meta" ? { ...found, start: found.start + 4 } : found; // behind its version
  }
  return file.readUInt8(inside.start) & 3;
}

function isKind(characters: string): (part: Part) => boolean {
  const wanted = kindOf(characters);
  return ({ kind }) => kind === wanted;
}

function firstOf(parts: Iterable<Part>, accept: (part: Part) => boolean): Part | undefined {
  for (const part of parts) if (accept(part)) return part;
  return undefined;
}
