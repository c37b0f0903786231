import { widestLimits, type ImageFormat } from "../imageTypes";
import { release } from "../garbage";
import { avifStructure } from "./avif";
import { areInflatedWithin, isInflatedWithin, WORST_BYTE } from "./deflate";
import { codedPixels, gifFrames } from "./gif";
import { exifOf } from "./header";
import { jpegStructure } from "./jpeg";
import { firstParts, kindOf, MOST_PARTS, pngChunks, PROGRESSIVE, webpChunks, type Bytes, type Part } from "./parts";
import { costOfFrame, costOfPicture } from "./losslessWebp";
import type { Size } from "./sizes";
import { countEntries, countLedTo, firstDirectory, pixelData, pixelPieces } from "./tiff";

/** Decoding of a file as its structure foretells it. */
export interface Demands {
  /** CPU time for a pixel and for a byte: 1 is some 16 ns, which a pixel of an 8-bit PNG takes. */
  perPixel: number;
  perByte: number;
  /** Bytes that are decoded: all of the file, or those of its first picture. */
  bytes: number;
  /** Segments, chunks, boxes or directories that the file is made of, up to one more than are allowed. */
  parts: number;
  /** Pictures of an animation. Only the first is shown, and all their headers are read. */
  frames?: number;
  /** Pixels that are decoded, where they are more than the picture's. */
  pixels?: number;
  /** How often decoding passes over every pixel. */
  passes?: number;
  /** A kind of the format that is not decoded. */
  unsupported?: string;
  /** Whether pixels are missing, although the file has its end. */
  isPartial?: boolean;
  /** Whether far more data is to be read than the pixels need. */
  hasSurplus?: boolean;
  /** Whether the data costs no more than so much. It is looked at where it may cost more, and that counts too. */
  isReadWithin?: (cost: number) => boolean;
}

/**
 * Throws where the structure breaks off. Of a file that is only partly at hand, the least that it can demand: scans,
 * frames and parts behind the first pixels are not counted.
 */
export function demandsOf(file: Bytes, format: ImageFormat, size: Size): Demands {
  const demands = ofFormat(file, format, size);
  const exif = exifOf(file, format);
  return exif ? { ...demands, parts: demands.parts + exifParts(exif) } : demands;
}

/** A file is not refused for EXIF data that cannot be read. */
function exifParts(exif: Buffer): number {
  try {
    return countLedTo(exif, MOST_PARTS);
  } catch {
    return 0;
  }
}

function ofFormat(file: Bytes, format: ImageFormat, size: Size): Demands {
  switch (format) {
    case "jpeg":
      return jpeg(file);
    case "png":
      return png(file, size);
    case "webp":
      return webp(file, size);
    case "avif":
      return avif(file);
    case "gif":
      return gif(file);
    case "tiff":
      return tiff(file);
  }
}

/** Baseline, extended and progressive, with Huffman coding: the kinds that browsers show. */
const JPEG_FRAMES = [0xc0, 0xc1, PROGRESSIVE];

/** Ordinary progressive JPEGs refine coefficients in so many passes, which the cost of their pixels includes. */
const REFINEMENTS = 4;

function jpeg(file: Bytes): Demands {
  const { kind, precision, components, segments, passes, refinements, isPartial } = jpegStructure(file);
  const isProgressive = kind === PROGRESSIVE;
  return {
    // CMYK takes the plain way, with a colour profile.
    perPixel:
      (components === 4 ? 3.8 : 0.5) + (isProgressive ? 0.5 : 0) + 0.08 * Math.max(0, refinements - REFINEMENTS),
    perByte: isProgressive ? 1.5 : 1,
    bytes: file.length,
    parts: segments,
    passes,
    isPartial,
    ...((!JPEG_FRAMES.includes(kind) || precision !== 8 || components === 2) && {
      unsupported: "a JPEG with lossless or arithmetic coding, with more than 8 bits, or of two colours",
    }),
  };
}

/** Deflate makes at most 1032 bytes of one (https://zlib.net/zlib_tech.html). */
const DEFLATE_RATIO = 1032;

/** Of a compressed PNG, in bytes. libpng reads all that there is. */
const MOST_OVERHEAD = 1_000_000;

/** A compressed text counts as so many chunks: it may become 8 MB, the most that libpng makes of one. */
const TEXT_PARTS = 200;

function png(file: Bytes, { width, height }: Size): Demands {
  const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
  const [depth, colour] = [file.readUInt8(24), file.readUInt8(25)];
  const [data, transparency, profile] = ["IDAT", "tRNS", "iCCP"].map(kindOf);
  const texts = ["zTXt", "iTXt", "iCCP"].map(kindOf);
  const pieces: Part[] = [];
  let parts = 0;
  let compressed = 0;
  let isOpaque = colour === 0 || colour === 2;
  let hasProfile = false;
  for (const part of pngChunks(file)) {
    const { kind, start, end } = part;
    parts += texts.includes(kind) ? TEXT_PARTS : 1;
    if (parts > MOST_PARTS) break;
    if (kind === transparency) isOpaque = false;
    if (kind === profile) hasProfile = true;
    if (kind !== data) continue;
    compressed += end - start;
    pieces.push(part);
  }
  const rowBytes = Math.ceil((width * depth * (samples[colour] ?? 1)) / 8);
  const isCounted = parts <= MOST_PARTS;
  const isInterlaced = file.readUInt8(28) > 0; // it is held whole
  // Of deep or grey pixels with alpha the profile is applied to all, before they are scaled.
  const profiled = !hasProfile ? 0 : colour === 6 && depth === 16 ? 5.6 : colour === 4 ? 1.6 : 0;
  const plain = depth === 16 ? (isInterlaced ? 7 : 3.5) : isInterlaced ? 2 : isOpaque ? 0.7 : 1;
  return {
    perPixel: Math.max(plain, profiled),
    perByte: 0.4,
    bytes: compressed,
    parts,
    isPartial: isCounted && rowBytes * height > (file.isPartial ? file.length : compressed) * DEFLATE_RATIO,
    hasSurplus: compressed > 2 * rowBytes * height + MOST_OVERHEAD,
    isReadWithin: (cost) => compressed * WORST_BYTE <= cost || isPngReadWithin(file, pieces, cost),
  };
}

/** libpng reads data to its end, however many pixels it makes. */
function isPngReadWithin(file: Bytes, parts: Part[], cost: number): boolean {
  if (file.isPartial) return true;
  const data = Buffer.concat(parts.map(({ start, end }) => file.subarray(start, end)));
  const isWithin = isInflatedWithin(data, cost);
  release(data);
  return isWithin;
}

/** A pixel that a lossless WebP spells out takes a bit or more, and four times as long as one that repeats others. */
const SPELLED_OUT = 2;

function webp(file: Bytes, { width, height }: Size): Demands {
  const chunks = firstParts(webpChunks(file));
  const [lossy, frame, alpha] = ["VP8 ", "ANMF", "ALPH"].map(kindOf);
  const hasAlpha = chunks.some(({ kind }) => kind === alpha);
  const frames = chunks.filter(({ kind }) => kind === frame);
  const picture = frames[0] ?? chunks.find(({ kind }) => kind === lossy);
  const share = Math.min(1, (8 * file.length) / (width * height));
  return {
    perPixel: frames.length > 0 || hasAlpha ? 1.5 : picture ? 0.6 : 0.6 + SPELLED_OUT * share,
    perByte: picture ? 5.5 : 0.4, // lossless
    bytes: picture ? Math.min(picture.end, file.length) - picture.start : file.length,
    parts: chunks.length,
    frames: frames.length,
    isPartial: picture !== undefined && picture.end > file.length,
    isReadWithin: (cost) => {
      if (file.isPartial) return true;
      const [first] = frames;
      return (first ? costOfFrame(file, first, cost) : costOfPicture(file, chunks, { width, height }, cost)) <= cost;
    },
  };
}

/** A picture that others are put together from counts as so many boxes: it takes 4 ms beside what its pixels cost. */
const SOURCE_PARTS = 130;

/** libheif needs some 15 bytes of memory and several times the CPU for each pixel. Transparency is another picture beside it. */
function avif(file: Bytes): Demands {
  const { boxes, isDeep, hasAlpha, sourceCount, pixels, items } = avifStructure(file);
  // Pictures that it is put together from are decoded once more by themselves (decode.ts).
  const plain = isDeep && hasAlpha ? 15 : isDeep || hasAlpha ? 7.5 : 3;
  const perPixel = plain * (sourceCount > 0 ? 1.5 : 1);
  // EXIF data comes behind its own offset, and some have a mark of their own before it.
  const exif = items.map((data) => exifParts(data.subarray(data.toString("latin1", 4, 8) === "Exif" ? 10 : 4)));
  const parts = boxes + SOURCE_PARTS * sourceCount + exif.reduce((sum, each) => sum + each, 0);
  return { perPixel, perByte: hasAlpha ? 11 : 6.5, bytes: file.length, parts, pixels };
}

function gif(file: Bytes): Demands {
  const all = gifFrames(file);
  const first = all.next().value;
  let frames = first ? 1 : 0;
  while (frames <= MOST_PARTS && !all.next().done) frames++;
  const pixels = first ? first.width * first.height : 0;
  const isPartial = first !== undefined && !file.isPartial && codedPixels(file, first.data, pixels) < pixels;
  return { perPixel: 1, perByte: 2, bytes: file.length, parts: frames, frames, isPartial };
}

/** Tags of a TIFF directory: whether its picture is a smaller one of another, how it is coded, samples of a pixel, tiles. */
const KIND = 254;
const WIDTH = 256;
const HEIGHT = 257;
const CODING = 259;
const SAMPLES = 277;
const TILE_WIDTH = 322;
const TILE_HEIGHT = 323;
/** Pixels as they are. */
const UNCODED = 1;
/** Codings of JPEG, the former one and today's. */
const JPEG_CODINGS = [6, 7];

/** Codings of a TIFF that are deflate. */
const DEFLATE_CODINGS = [8, 32_946];

/** Its samples may have up to 32 bits, and its colours be of any kind. */
function tiff(file: Bytes): Demands {
  const directory = firstDirectory(file);
  const { bits, bytes } = file.isPartial ? { bits: 1, bytes: 0 } : pixelData(file);
  const perSample = bits > 8 ? 1.5 : 1;
  const samples = directory.get(SAMPLES) ?? 1;
  const isPreview = ((directory.get(KIND) ?? 0) & 1) === 1;
  const [across, down] = [directory.get(TILE_WIDTH), directory.get(TILE_HEIGHT)];
  const isTiled = across !== undefined || down !== undefined;
  const coding = directory.get(CODING) ?? UNCODED;
  const padded = (side = 0, tile = 1) => Math.ceil(side / Math.max(1, tile)) * tile;
  // libvips passes over damage of tiles in JPEG, and decodes any number of their scans.
  const isUnsafe = coding === 6 || (isTiled && JPEG_CODINGS.includes(coding));
  return {
    perPixel: perSample * (samples > 4 ? 1.5 * samples : samples === 4 ? 4 : 3) + (isTiled ? 0.5 : 0),
    perByte: coding === UNCODED ? 0.1 : 0.4,
    bytes: file.length,
    parts: countEntries(file, MOST_PARTS),
    pixels: padded(directory.get(WIDTH), across) * padded(directory.get(HEIGHT), down),
    // Strips may name the same bytes again and again, of which libtiff copies a megabyte for each.
    hasSurplus: bytes > widestLimits.maxBytes,
    isReadWithin: (cost) =>
      file.isPartial === true || !DEFLATE_CODINGS.includes(coding) || areInflatedWithin(pixelPieces(file), cost),
    ...(isPreview && { unsupported: "a TIFF that begins with a preview, as cameras' raw photos do" }),
    ...(isUnsafe && { unsupported: "a TIFF with tiles in JPEG, or with JPEG of the former kind" }),
  };
}
