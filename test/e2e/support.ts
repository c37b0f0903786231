import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";

import type { ImageStatus } from "../../handlers/rawImageGetProcess";

export const photo = (name: string): Buffer => readFileSync(join(__dirname, "../photos", name));

/** A folder that is gone after the tests of the surrounding `describe`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "snail-images-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A small picture that differs with its seed. */
export function picture(seed: number, format: "jpeg" | "png" | "webp" = "jpeg"): Promise<Buffer> {
  const side = 200;
  const pixels = Buffer.alloc(side * side * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * (seed + 3) + Math.floor(i / (side * 3)) * 5) % 251;
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

export interface Fetched {
  body: Buffer;
  contentType: string | null;
}

/** Fetches every rendition by its URL, as a browser would. */
export async function fetchRenditions(image: ImageStatus): Promise<Map<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  for (const { imageType, url } of image.renditions) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${imageType}: ${response.status} ${await response.text()}`);
    const body = Buffer.from(await response.arrayBuffer());
    fetched.set(imageType, { body, contentType: response.headers.get("content-type") });
  }
  return fetched;
}

/** Upright sRGB pixels of an image at this size, by one plain Lanczos step. */
export async function reference(original: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(original)
    .autoOrient()
    .resize({ width, height, fit: "fill" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** Peak signal-to-noise ratio of two pictures, in dB. */
export function psnr(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) throw new Error(`pictures of ${a.length} and ${b.length} samples`);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return squares === 0 ? Infinity : 10 * Math.log10((255 * 255 * a.length) / squares);
}
