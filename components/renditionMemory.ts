import type { ImageFormat, UploadLimits } from "../handlers/imageTypes";
import { formats, idleMiB } from "./measuredMemory.json";

/**
 * The memory of a function that makes renditions of so many images at the same time, in MiB: for as many of the costliest
 * originals that the limits let in. `keepsFrames`: an image type is `animated`. Its figures are those of `npx snail bench memory --record`, which wrote
 * `measuredMemory.json`.
 */
export function renditionMemoryMiB(
  { acceptedFormats, maxBytes, maxPixels }: Pick<UploadLimits, "acceptedFormats" | "maxBytes" | "maxPixels">,
  imagesAtOnce: number,
  keepsFrames = false,
): number {
  const decoding = acceptedFormats.map((format) => decodingMiB(format, maxPixels / 1e6));
  const perImage = Math.max(...decoding, keepsFrames ? ANIMATION_MIB : 0);
  const needed = idleMiB + imagesAtOnce * (perImage + maxBytes / 1_048_576);
  return Math.max(LEAST, Math.ceil((needed * RESERVE) / STEP) * STEP);
}

/** The most that an animation takes whose frames are kept: 654 MiB of a process with 76 (`npx snail hostile`, docs/images.md). */
const ANIMATION_MIB = 578;

/** MiB. A processor's share shrinks with the memory: with half of this a photo would take a second. */
const LEAST = 1024;

/** Beyond the figures: heaps grow in steps, and what is freed is not given back at once. */
const RESERVE = 1.1;
/** Of sizes, MiB: easier to read than any number. */
const STEP = 64;

/** Beside the original's own bytes; between two measured sizes by a straight line. */
function decodingMiB(format: ImageFormat, megapixels: number): number {
  const { usual, largest } = formats[format];
  if (megapixels <= usual.megapixels) return usual.MiB;
  // Larger ones of the format are refused, whatever the limit: they cost too much CPU (docs/images.md).
  const share = Math.min(1, (megapixels - usual.megapixels) / (largest.megapixels - usual.megapixels));
  return usual.MiB + share * (largest.MiB - usual.MiB);
}
