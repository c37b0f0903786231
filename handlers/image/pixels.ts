import sharp, { type Sharp } from "sharp";
import { isSame, type Size } from "./sizes";

/** Decoded pixels: sRGB, 8 bits, upright, with or without alpha. */
export interface Pixels extends Size {
  data: Buffer;
  channels: 3 | 4;
}

export async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 };
}

export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** The whole picture at another size. */
export async function scaled(pixels: Pixels, size: Size): Promise<Pixels> {
  if (isSame(pixels, size)) return pixels;
  return pixelsOf(fromPixels(pixels).resize({ ...size, fit: "fill" }));
}
