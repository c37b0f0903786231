import sharp, { type Sharp } from "sharp";
import { encodeAs } from "../../handlers/image/encode";
import { pixelsOf, type Pixels } from "../../handlers/image/pixels";
import { pixelsIn, similarity } from ".";
import { photo } from "./inputs";
import { total } from "./measures";

/** Both photos, so many pixels wide, that were never encoded at that size. */
export function picturesOf(widths: number[]): Promise<Pixels[]> {
  const of = (file: string, width: number) => pixelsOf(sharp(photo(file)).resize({ width }).removeAlpha());
  return Promise.all(widths.flatMap((width) => ["p12.jpg", "d12.jpg"].map((file) => of(file, width))));
}

/** The result of encoding pictures with one number. */
export interface Encoded {
  /** The encoder's own number, 1 to 100. */
  number: number;
  /** Mean of what is missing to 1 of MS-SSIM, as a logarithm: people see twice as much missing as the same step anywhere. */
  missing: number;
  /** Of all pictures. */
  bytes: number;
}

export type Encoder = (pixels: Pixels, number: number) => Sharp;

/** As the service encodes it. */
export const jpeg: Encoder = (pixels, quality) => encodeAs(pixels, "jpeg", quality);

export async function encoded(pictures: Pixels[], encoder: Encoder, number: number): Promise<Encoded> {
  const bodies = [];
  for (const picture of pictures) bodies.push(await encoder(picture, number).toBuffer());
  const missing = [];
  for (const [i, picture] of pictures.entries())
    missing.push(Math.log2(1 - similarity(await pixelsIn(bodies[i] ?? Buffer.of()), picture.data, picture)));
  return { number, missing: total(missing) / missing.length, bytes: total(bodies.map(({ length }) => length)) };
}

/** The encodings of pictures with each of these numbers, which rise. */
export async function curve(pictures: Pixels[], encoder: Encoder, numbers: readonly number[]): Promise<Encoded[]> {
  const all: Encoded[] = [];
  for (const number of numbers) all.push(await encoded(pictures, encoder, number));
  return all;
}

/** The number with which as much is missing, and the bytes with it, between those of a curve, or at its end that is nearest. */
export function matching(points: Encoded[], missing: number): { number: number; bytes: number } {
  const after = points.findIndex((point) => point.missing <= missing);
  const [low, high] = [points[after - 1], points[after]];
  if (!high) return points.at(-1) ?? { number: NaN, bytes: NaN };
  if (!low) return high;
  const share = (low.missing - missing) / (low.missing - high.missing);
  const between = (from: number, to: number) => from + share * (to - from);
  return { number: between(low.number, high.number), bytes: between(low.bytes, high.bytes) };
}
