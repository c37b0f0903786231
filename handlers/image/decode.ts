import type { Metadata, Sharp } from "sharp";
import { animationOf, type Animation } from "./animation";
import { bufferOf } from "./bytes";
import { isSrgbProfile } from "./colourProfile";
import { formats, formatOf, START_BYTES } from "./formats";
import { pixelsOf, type Pixels } from "./pixels";
import { openImage } from "./safety";
import { missedShrink, shrunk, withShrunkJpeg } from "./shrink";
import { isSame, type Size } from "./sizes";

/** An original whose header was read. */
export interface Source {
  /** After EXIF orientation. */
  size: Size;
  /** Where it has several frames. */
  animation?: Animation;
  /**
   * The whole picture, decoded, scaled down to this size. `exact` asks for the best scaling; without it libjpeg may do
   * part of it at a fraction of the cost, some 45 dB from the best, which an encoder's own noise (35 dB) hides. Of an
   * animation it is the first frame.
   */
  decode(size: Size, exact: boolean): Promise<Pixels>;
}

/** A file without what its decoder would merely warn of, with its header and with what counts as an error. */
interface Opened {
  file: Buffer;
  header: Metadata;
  failOn: "warning" | "error";
}

/** Rejects with sharp's error where the header cannot be read, and with a RangeError where pixels are missing. */
export async function openSource(original: Uint8Array, animated: boolean): Promise<Source> {
  const whole = bufferOf(original);
  const known = formatOf(whole.toString("latin1", 0, START_BYTES));
  const format = known && formats[known];
  await format?.verify?.(whole, { animated, decode: (picture) => pixelsOf(openImage(picture).resize(1, 1)) });
  const file = format?.tidy?.(whole) ?? whole;
  const header = await openImage(file).metadata();
  const opened: Opened = { file, header, failOn: format?.warnsOfDamage?.(file) ? "warning" : "error" };
  return {
    size: header.autoOrient,
    animation: animationOf(original, header),
    decode: (size, exact) => (isPhoto(header) ? decodePhoto(opened, size, exact) : decodeAny(opened, size)),
  };
}

const traitOf = ({ format, autoOrient }: Metadata, size: Size) =>
  format === "jpeg" && isSame(autoOrient, size) ? "jpeg" : undefined;

/** Colour and rotation as sharp does them: first, on all pixels. Right for every kind of image. */
function decodeAny({ file, header, failOn }: Opened, size: Size): Promise<Pixels> {
  return pixelsOf(
    openImage(file, { failOn })
      .autoOrient()
      .resize({ ...size, fit: "fill" }),
    traitOf(header, size),
  );
}

/** The pixels that cameras and browsers write; the rest (CMYK, grey, 16 bits, a first frame) takes the plain way. */
function isPhoto({ space, depth, channels, pages = 1 }: Metadata): boolean {
  return space === "srgb" && depth === "uchar" && channels >= 3 && pages === 1;
}

/** Scales first, and then applies colour profile and rotation to the few pixels that are left. */
async function decodePhoto({ file, header, failOn }: Opened, size: Size, exact: boolean): Promise<Pixels> {
  const { format, orientation = 1 } = header;
  const stored = orientation >= 5 ? { width: size.height, height: size.width } : size;
  const options = { failOn, ignoreIcc: true };
  const finish = (image: Sharp, trait: Pixels["trait"]) =>
    finishPhoto(image.resize({ ...stored, fit: "fill" }), header, trait);
  const factor = format === "jpeg" && !exact ? missedShrink(header, stored) : undefined;
  if (factor !== undefined) {
    try {
      return await withShrunkJpeg(file, factor, (path) => {
        if (!isSame(shrunk(header, factor), stored)) return finish(openImage(path, options), "soft");
        // Nothing is left to scale: one pipeline does the rest.
        return pixelsOf(openImage(path, { ...options, ignoreIcc: !hasOtherColours(header) }).autoOrient(), "soft");
      });
    } catch (error) {
      // A damaged image would cost the same again, and a TypeError is a mistake of ours. Else the usual way does without a file.
      if (error instanceof TypeError || (error instanceof Error && error.message.includes("VipsJpeg"))) throw error;
    }
  }
  return finish(openImage(file, options), traitOf(header, size));
}

const hasOtherColours = ({ icc }: Metadata): boolean => icc !== undefined && !isSrgbProfile(icc);

/** Colours become sRGB and the picture upright. */
async function finishPhoto(small: Sharp, header: Metadata, trait: Pixels["trait"]): Promise<Pixels> {
  const { orientation = 1 } = header;
  if (orientation === 1 && !hasOtherColours(header)) return pixelsOf(small, trait);
  // An uncompressed TIFF carries orientation and profile along; raw pixels cannot.
  small.keepExif().tiff({ compression: "none" });
  if (hasOtherColours(header)) small.keepIccProfile();
  return pixelsOf(openImage(await small.toBuffer()).autoOrient(), trait);
}
