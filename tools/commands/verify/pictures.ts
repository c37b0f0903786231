import { readFileSync } from "node:fs";
import { join } from "node:path";

import sharp from "sharp";

import type { ImageFormat } from "../../../handlers/imageTypes";

/** A photo of 12 megapixels as a telephone takes it: turned by EXIF, in another colour space than sRGB. */
export const phonePhoto = (): Buffer => readFileSync(join(__dirname, "../../../test/photos/p12-o6p3n.jpg"));

/** A small picture of one colour. */
export function plainPicture(format: ImageFormat, background = "#348"): Promise<Buffer> {
  const create = { width: 320, height: 240, channels: 3 as const, background };
  return sharp({ create }).toFormat(format).toBuffer();
}
