import { imageFormats, type ImageFormat } from "../../imageTypes";
import { avif } from "./avif";
import type { Format } from "./format";
import { gif } from "./gif";
import { jpeg } from "./jpeg";
import { png } from "./png";
import { tiff } from "./tiff";
import { webp } from "./webp";

/** The formats that originals may have. */
export const formats: Record<ImageFormat, Format> = { jpeg, png, webp, avif, gif, tiff };

/** The number of first bytes by which a format is found. */
export const START_BYTES = 1_024;

/** The format of a file with this start; undefined where it is not one of these. The file's name plays no part. */
export function formatOf(start: string): ImageFormat | undefined {
  return imageFormats.find((format) => formats[format].matches(start));
}

/** Kinds of file that people send, and that are not accepted. */
const foreign: [kind: string, start: RegExp][] = [
  ["an animated AVIF", /^.{4}ftypavis/s],
  [
    'a HEIC photo, as phones take them unless their camera is set to "Most Compatible"',
    /^.{4}ftyp(.{4}){0,60}?(hei[cxms]|hev[cxms]|mif1|msf1)/s,
  ],
  ["a video or an unknown kind of media file", /^.{4}ftyp/s],
  ["a PDF document", /^%PDF/],
  ["a Photoshop file", /^8BPS/],
  ["a BMP image", /^BM/],
  ["a JPEG XL image", /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ["a JPEG 2000 image", /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/],
  ["an icon (ICO)", /^\0\0\x01\0/],
  ["an SVG drawing", /^(\xef\xbb\xbf)?\s*<(svg|(\?xml|!doctype svg|!--)[^]*<svg)/i],
];

/** The kind of a file with this start that is of none of these formats; undefined where it is unknown. */
export const foreignKindOf = (start: string): string | undefined =>
  foreign.find(([, pattern]) => pattern.test(start))?.[0];
