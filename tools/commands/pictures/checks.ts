import sharp from "sharp";
import { efforts } from "../../../handlers/image/encode";
import { encoderNumber } from "../../../handlers/image/encode";
import { makeRenditions } from "../../../handlers/image/renditions";
import { readerOfAll } from "../../../handlers/image/bytes";
import { jpegSegments } from "../../../handlers/image/formats/jpeg";
import { pngChunks } from "../../../handlers/image/formats/png";
import { webpChunks } from "../../../handlers/image/formats/webp";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import type { Rendition } from "../../../handlers/imagePorts";
import { HIDDEN, type Picture } from "./corpus";
import type { Scene } from "./scene";

const spec = (imageType: string, edge: number, format: RenditionSpec["format"], more?: Partial<RenditionSpec>) =>
  ({ imageType, width: edge, height: edge, fit: "inside", format, quality: 80, ...more }) as const;

/** A rendition that shows detail has all sizes of its set scaled exactly. */
const sets: RenditionSpec[][] = [
  [
    spec("jpeg 120", 120, "jpeg"),
    spec("auto 80", 80, "auto"),
    spec("webp 48", 48, "webp"),
    spec("avif 30", 30, "avif"),
    spec("jpeg, cropped 40", 40, "jpeg", { fit: "cover" }),
  ],
  [
    spec("png 120", 120, "png"),
    spec("jpeg 90, enlarged 250", 250, "jpeg", { quality: 90, enlarge: true }),
    spec("png, cropped 32", 32, "png", { fit: "cover" }),
  ],
  [
    spec("webp, animated 120", 120, "webp", { animated: true }),
    spec("gif, animated 80", 80, "gif", { animated: true }),
    spec("webp, animated, cropped 40", 40, "webp", { fit: "cover", animated: true }),
  ],
];

/**
 * How far colours may be from the reference, in steps of 255, beyond one and a half times what plain sharp's own encoding
 * of the reference is: on the average of all pixels, and of any 8 by 8.
 */
const TOLERANCE = { mean: 2, block: 12 };

/** A rendition beside its reference. */
export interface Cell {
  rendition: Rendition;
  reference: Scene;
  /** The first thing that is not as it must be. */
  problem?: string;
}

/**
 * All renditions of a picture, each compared with the picture's pixels scaled by one plain step of sharp, and searched for metadata.
 * Needs `hardenSharp()` once before.
 * @example
 * for (const { rendition, problem } of await cellsOf(picture)) if (problem) console.log(rendition.spec.imageType, problem);
 */
export async function cellsOf(picture: Picture): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const specs of sets) {
    const made: Rendition[] = [];
    const { undecodable } = await makeRenditions(picture.body, specs, (each) => made.push(each));
    if (undecodable !== undefined) throw new Error(`${picture.name}: ${undecodable}`);
    for (const each of specs) {
      const rendition = made.find(({ spec: { imageType } }) => imageType === each.imageType);
      if (!rendition) throw new Error(`${picture.name}: no ${each.imageType}`);
      const frames = (each.animated ? picture.frames : undefined) ?? [picture.shows];
      const references = await Promise.all(frames.map((frame) => referenceOf(frame, each)));
      const problem = (await carriedIn(rendition)) ?? (await differenceOf(rendition, references));
      const [reference] = references;
      if (!reference) throw new Error(`${picture.name}: no frame`);
      cells.push({ rendition, reference, ...(problem !== undefined && { problem }) });
    }
  }
  return cells;
}

async function referenceOf({ data, width, height }: Scene, { fit, enlarge, ...box }: RenditionSpec): Promise<Scene> {
  const raw = { width, height, channels: 4 } as const;
  const image = sharp(data, { raw }).resize({
    width: box.width,
    height: box.height,
    fit,
    withoutEnlargement: !enlarge,
  });
  const scaled = await image.raw().toBuffer({ resolveWithObject: true });
  return { data: scaled.data, width: scaled.info.width, height: scaled.info.height };
}

async function differenceOf(rendition: Rendition, references: Scene[]): Promise<string | undefined> {
  const { pages = 1 } = await sharp(rendition.body).metadata();
  if (pages !== references.length) return `has ${pages} frames instead of ${references.length}`;
  for (const [page, reference] of references.entries()) {
    const difference = await frameDifference(rendition, page, reference);
    if (difference !== undefined) return page > 0 ? `its frame ${page} ${difference}` : difference;
  }
  return undefined;
}

async function frameDifference(rendition: Rendition, page: number, reference: Scene): Promise<string | undefined> {
  const made = await sceneOf(rendition.body, page);
  const sides = ({ width, height }: { width: number; height: number }) => `${width} by ${height}`;
  if (sides(made) !== sides(rendition)) return `has ${sides(made)} pixels, and its record says ${sides(rendition)}`;
  if (sides(made) !== sides(reference)) return `has ${sides(made)} pixels instead of ${sides(reference)}`;
  const plain = await sceneOf(await plainOf(rendition, reference));
  // As they look on white, and on black; a JPEG lies on white by itself.
  for (const grey of rendition.format === "jpeg" ? [255] : [255, 0]) {
    const ideal = on(grey, reference.data);
    const off = distance(on(grey, made.data), ideal, made.width);
    const usual = distance(on(grey, plain.data), ideal, made.width);
    for (const measure of ["mean", "block"] as const) {
      const most = 1.5 * usual[measure] + TOLERANCE[measure];
      if (off[measure] > most) return `is ${off[measure].toFixed(1)} off (${measure}; at most ${most.toFixed(1)})`;
    }
  }
  return undefined;
}

async function sceneOf(image: Uint8Array, page = 0): Promise<Scene> {
  const pixels = sharp(image, { failOn: "warning", page }).toColourspace("srgb").ensureAlpha().raw();
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The reference as plain sharp encodes it, with the number that the encoder gets for the quality. */
function plainOf({ format, spec: { quality } }: Rendition, { data, width, height }: Scene): Promise<Buffer> {
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  if (format === "jpeg") image.flatten({ background: "white" });
  if (format === "png") return image.png().toBuffer();
  if (format === "jpeg") return image.jpeg({ quality }).toBuffer();
  if (format === "gif") return image.gif().toBuffer();
  return image.toFormat(format, { quality: encoderNumber(format, quality), effort: efforts[format] }).toBuffer();
}

/** Colours over a page of grey. */
function on(grey: number, rgba: Uint8Array): Float32Array {
  const colours = new Float32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4)
    for (let i = 0; i < 3; i++, to++) {
      const alpha = (rgba[from + 3] ?? 0) / 255;
      colours[to] = (rgba[from + i] ?? 0) * alpha + grey * (1 - alpha);
    }
  return colours;
}

/** The mean difference of all colours, and that of the worst block of 8 by 8 pixels. */
function distance(a: Float32Array, b: Float32Array, width: number): { mean: number; block: number } {
  const blocks = new Map<number, { sum: number; count: number }>();
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const off = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    const pixel = Math.floor(i / 3);
    const key = (Math.floor(pixel / width) >> 3) * 100_000 + ((pixel % width) >> 3);
    const entry = blocks.get(key) ?? { sum: 0, count: 0 };
    blocks.set(key, { sum: entry.sum + off, count: entry.count + 1 });
    sum += off;
  }
  return { mean: sum / a.length, block: Math.max(...[...blocks.values()].map((each) => each.sum / each.count)) };
}

/** Segments and chunks that hold pixels and how they are coded: JFIF's and Adobe's marks, tables, frames, scans. */
const jpegKinds = [0xe0, 0xee, 0xdb, 0xc0, 0xc2, 0xc4, 0xdd, 0xda, 0xd9];
const pngKinds = ["IHDR", "PLTE", "tRNS", "pHYs", "IDAT", "IEND"];
const webpKinds = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"];

/** The part that a rendition carries beside its pixels, if anything. */
async function carriedIn({ format, body }: Rendition): Promise<string | undefined> {
  const file = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (file.includes(HIDDEN)) return "carries a text of its original";
  if (format === "avif") {
    const found = ["Exif", "mime", "prof", "rICC", "uuid"].find((kind) => file.includes(kind));
    return found && `carries a part ${found}`;
  }
  if (format === "gif") {
    const { comments, xmp, icc } = await sharp(body).metadata();
    return (comments ?? xmp ?? icc) && "carries a comment, XMP or a profile";
  }
  const allowed: (number | string)[] = { jpeg: jpegKinds, png: pngKinds, webp: webpKinds }[format];
  const walks = { jpeg: jpegSegments, png: pngChunks, webp: webpChunks };
  const foreign = [...walks[format](readerOfAll(file))].find(({ kind }) => !allowed.includes(kind));
  return foreign && `carries a part of kind ${foreign.kind.toString(16)}`;
}
