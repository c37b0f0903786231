import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

export const photo = (file: string): Buffer => readFileSync(join(__dirname, "../../test/photos", file));

/** Originals of the kinds that people send, by name. */
export async function inputs(): Promise<[name: string, original: Buffer][]> {
  const p12 = photo("p12.jpg");
  // No JPEG, or one of high quality: encoding it again at its own size would be flattered where the tables are the same.
  const small = await sharp(p12).resize(1920).png().toBuffer();
  return [
    ["12 MP JPEG (p12)", p12],
    ["12 MP JPEG (d12)", photo("d12.jpg")],
    ["phone: Display P3, rotated", photo("p12-o6p3n.jpg")],
    ["embedded sRGB profile", await sharp(p12).withIccProfile("srgb").jpeg({ quality: 90 }).toBuffer()],
    ["progressive", await sharp(p12).jpeg({ quality: 90, progressive: true }).toBuffer()],
    ["PNG (1920)", small],
    ["WebP (1920)", await sharp(small).webp().toBuffer()],
    ["AVIF (1920)", await sharp(small).avif({ effort: 0 }).toBuffer()],
    ["CMYK (1920)", await sharp(small).toColourspace("cmyk").jpeg({ quality: 97 }).toBuffer()],
  ];
}
