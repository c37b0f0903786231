import type { FailOnOptions, Metadata, Sharp } from "sharp";
import type { ImageFormat } from "../imageTypes";
import { animationOf, type Animation } from "./animation";
import { avifStructure } from "./avif";
import { costOf, MOST_COST } from "./budget";
import { isFitProfile, isSrgbProfile } from "./colourProfile";
import { demandsOf } from "./demands";
import { tidyJpeg } from "./jpeg";
import { bufferOf } from "./partialFile";
import { pixelsOf, type Pixels } from "./pixels";
import { openImage, UNFIT_PROFILE } from "./safety";
import { missedShrink, shrunk, withShrunkJpeg } from "./shrink";
import { signatureOf } from "./signature";
import { isSame, type Size } from "./sizes";
import { hidesDamage, tidyTiff } from "./tidyTiff";

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
  /** Whether decoding takes more than a third of the CPU that it may. */
  isCostly: () => boolean;
}

/** Rejects with sharp's error where the header cannot be read, or with UNFIT_PROFILE. */
export async function openSource(original: Uint8Array): Promise<Source> {
  const file = tidied(bufferOf(original));
  const header = await openImage(file).metadata();
  if (header.icc && !isFitProfile(header.icc)) throw new Error(UNFIT_PROFILE);
  // libheif leaves out tiles of a grid that it cannot decode, and says nothing.
  if (header.format === "heif")
    for (const source of avifStructure(file).sources()) await pixelsOf(openImage(source).resize(1, 1));
  let costly: boolean | undefined;
  return {
    size: header.autoOrient,
    animation: animationOf(original, header),
    decode: (size, exact) => (isPhoto(header) ? decodePhoto(file, header, size, exact) : decodeAny(file, header, size)),
    isCostly: () => (costly ??= takesMuch(file, header)),
  };
}

function takesMuch(file: Buffer, size: Size): boolean {
  const format = formatOf(file);
  return format !== undefined && costOf(demandsOf(file, format, size), size) > MOST_COST / 3;
}

function formatOf(file: Buffer): ImageFormat | undefined {
  const signature = signatureOf(file);
  return signature && "format" in signature ? signature.format : undefined;
}

/** The same picture without what decoders warn of although nothing is missing. */
function tidied(file: Buffer): Buffer {
  const format = formatOf(file);
  return format === "jpeg" ? tidyJpeg(file) : format === "tiff" ? tidyTiff(file) : file;
}

/** libjpeg and libtiff warn, and fill with grey or black, where pixels are missing. */
const failOn = ({ format }: Metadata, file: Uint8Array): FailOnOptions =>
  format === "jpeg" || (format === "tiff" && hidesDamage(bufferOf(file))) ? "warning" : "error";

const traitOf = ({ format, autoOrient }: Metadata, size: Size) =>
  format === "jpeg" && isSame(autoOrient, size) ? "jpeg" : undefined;

/** Colour and rotation as sharp does them: first, on all pixels. Right for every kind of image. */
function decodeAny(file: Uint8Array, header: Metadata, size: Size): Promise<Pixels> {
  return pixelsOf(
    openImage(file, { failOn: failOn(header, file) })
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
async function decodePhoto(file: Uint8Array, header: Metadata, size: Size, exact: boolean): Promise<Pixels> {
  const { format, orientation = 1 } = header;
  const stored = orientation >= 5 ? { width: size.height, height: size.width } : size;
  const options = { failOn: failOn(header, file), ignoreIcc: true };
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
