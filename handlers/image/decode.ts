import sharp from "sharp";
import { pixelsOf, type Pixels } from "./pixels";
import type { Size } from "./sizes";

/** More is never decoded, whatever was accepted: it bounds the memory of a job. */
const MAX_PIXELS = 100_000_000;

/** An original whose header was read. */
export interface Source {
  /** After EXIF orientation. */
  size: Size;
  /** The whole picture, decoded, at most this large. */
  decode(size: Size): Promise<Pixels>;
}

/** Throws what sharp throws where the header cannot be read. */
export async function openSource(original: Uint8Array): Promise<Source> {
  const options = { limitInputPixels: MAX_PIXELS, failOn: "error" } as const;
  const header = await sharp(original, options).metadata();
  return {
    size: header.autoOrient,
    decode: (size) =>
      pixelsOf(
        sharp(original, options)
          .autoOrient()
          .resize({ ...size, fit: "fill" }),
      ),
  };
}
