import sharp, { type Sharp } from "sharp";
import { random } from "./bytes";

/** Noise, so that damage anywhere in it changes something; the same in each run. */
export function noise(width: number, height: number, channels: 3 | 4 = 3, seed = 1): Sharp {
  const next = random(seed);
  const pixels = Buffer.alloc(width * height * channels);
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.floor(next() * 256);
  return sharp(pixels, { raw: { width, height, channels } });
}

export function flat(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const background = { r: 200, g: 100, b: 50, alpha: 0.5 };
  return sharp({ create: { width, height, channels, background }, limitInputPixels: false });
}
