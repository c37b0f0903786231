import sharp, { type Metadata } from "sharp";
import { isSrgbProfile } from "./colourProfile";
import { pixelsOf, type Pixels } from "./pixels";
import type { Size } from "./sizes";

/** An original whose header was read. */
export interface Source {
  /** After EXIF orientation. */
  size: Size;
  /** The whole picture, decoded, scaled down to this size. */
  decode(size: Size): Promise<Pixels>;
}

/** Rejects with sharp's error where the header cannot be read. */
export async function openSource(original: Uint8Array): Promise<Source> {
  const header = await sharp(original, safety()).metadata();
  return {
    size: header.autoOrient,
    decode: (size) => (isPhoto(header) ? decodePhoto(original, header, size) : decodeAny(original, size)),
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

/** What cameras and browsers write; the rest (CMYK, grey, 16 bits, alpha, animations) takes the plain way. */
function isPhoto({ space, depth, channels, pages = 1 }: Metadata): boolean {
  return space === "srgb" && depth === "uchar" && channels === 3 && pages === 1;
}

/** Scales first, and then applies colour profile and rotation to the few pixels that are left. */
async function decodePhoto(original: Uint8Array, header: Metadata, size: Size): Promise<Pixels> {
  const { orientation = 1, icc } = header;
  const stored = orientation >= 5 ? { width: size.height, height: size.width } : size;
  const small = sharp(original, { ...safety(), ignoreIcc: true }).resize({ ...stored, fit: "fill" });
  const hasOtherColours = icc !== undefined && !isSrgbProfile(icc);
  if (orientation === 1 && !hasOtherColours) return pixelsOf(small);
  // An uncompressed TIFF carries orientation and profile along; raw pixels cannot.
  small.keepExif().tiff({ compression: "none" });
  if (hasOtherColours) small.keepIccProfile();
  const scaled = await small.toBuffer();
  return pixelsOf(sharp(scaled).autoOrient());
}
