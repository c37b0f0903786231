import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import sharp from "sharp";

import type { ImageFormat, UploadLimits } from "../../../handlers/imageTypes";

/** A photo of 12 megapixels as a telephone takes it: turned by EXIF, in another colour space than sRGB. */
export const phonePhoto = (): Buffer => readFileSync(join(__dirname, "../../../test/photos/p12-o6p3n.jpg"));

/** A format that the stack accepts, one that is quick to make where it can be. */
export function formatFor({ acceptedFormats }: Pick<UploadLimits, "acceptedFormats">): ImageFormat {
  const quick = ["jpeg", "png", "tiff", "webp"] as const;
  return quick.find((format) => acceptedFormats.includes(format)) ?? acceptedFormats[0] ?? "jpeg";
}

/** A picture of noise, of about as many bytes as asked for and no more. */
export async function noisePicture(format: ImageFormat, bytes: number): Promise<Buffer> {
  const picture = (side: number): Promise<Buffer> =>
    sharp(randomBytes(3 * side * side), { raw: { width: side, height: side, channels: 3 } })
      .toFormat(format, format === "png" ? { compressionLevel: 0 } : { quality: 100 })
      .toBuffer();
  const sample = 400;
  const bytesOfPixel = (await picture(sample)).length / sample ** 2;
  return picture(Math.floor(Math.sqrt((0.99 * bytes) / bytesOfPixel)));
}

/** A small picture of one colour. */
export function plainPicture(format: ImageFormat, background = "#348"): Promise<Buffer> {
  const create = { width: 320, height: 240, channels: 3 as const, background };
  return sharp({ create }).toFormat(format).toBuffer();
}
