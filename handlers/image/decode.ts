import sharp, { type Metadata, type Sharp } from "sharp";
import { isSrgbProfile } from "./colourProfile";
import { pixelsOf, type Pixels } from "./pixels";
import { missedShrink, withShrunkJpeg } from "./shrink";
import type { Size } from "./sizes";

/** An original whose header was read. */
export interface Source {
  /** After EXIF orientation. */
  size: Size;
  /**
   * The whole picture, decoded, scaled down to this size. `exact` asks for the best scaling; without it libjpeg may do
   * part of it at a fraction of the cost, some 45 dB from the best, which an encoder's own noise (35 dB) hides.
   */
  decode(size: Size, exact: boolean): Promise<Pixels>;
}

/** Rejects with sharp's error where the header cannot be read. */
export async function openSource(original: Uint8Array): Promise<Source> {
  const header = await sharp(original, safety()).metadata();
  return {
    size: header.autoOrient,
    decode: (size, exact) => (isPhoto(header) ? decodePhoto(original, header, size, exact) : decodeAny(original, size)),
  };
}

/** More than this is never decoded, whatever was accepted: it bounds the memory of a job. */
function safety() {
  return { limitInputPixels: 100_000_000, failOn: "error" } as const;
}

/** Colour and rotation as sharp does them: first, on all pixels. Right for every kind of image. */
function decodeAny(original: Uint8Array, size: Size): Promise<Pixels> {
  return pixelsOf(
    sharp(original, safety())
      .autoOrient()
      .resize({ ...size, fit: "fill" }),
  );
}

/** The pixels that cameras and browsers write; the rest (CMYK, grey, 16 bits, alpha, animations) takes the plain way. */
function isPhoto({ space, depth, channels, pages = 1 }: Metadata): boolean {
  return space === "srgb" && depth === "uchar" && channels === 3 && pages === 1;
}

/** Scales first, and then applies colour profile and rotation to the few pixels that are left. */
async function decodePhoto(original: Uint8Array, header: Metadata, size: Size, exact: boolean): Promise<Pixels> {
  const { format, orientation = 1 } = header;
  const stored = orientation >= 5 ? { width: size.height, height: size.width } : size;
  const options = { ...safety(), ignoreIcc: true };
  const finish = (image: Sharp) => finishPhoto(image.resize({ ...stored, fit: "fill" }), header);
  const factor = format === "jpeg" && !exact ? missedShrink(header, stored) : undefined;
  if (factor !== undefined) {
    try {
      return await withShrunkJpeg(original, factor, (path) => finish(sharp(path, options)));
    } catch {
      // The usual way does without a file. If the image is to blame, its error counts.
    }
  }
  return finish(sharp(original, options));
}

/** Colours become sRGB and the picture upright. */
async function finishPhoto(small: Sharp, { orientation = 1, icc }: Metadata): Promise<Pixels> {
  const hasOtherColours = icc !== undefined && !isSrgbProfile(icc);
  if (orientation === 1 && !hasOtherColours) return pixelsOf(small);
  // An uncompressed TIFF carries orientation and profile along; raw pixels cannot.
  small.keepExif().tiff({ compression: "none" });
  if (hasOtherColours) small.keepIccProfile();
  return pixelsOf(sharp(await small.toBuffer()).autoOrient());
}
