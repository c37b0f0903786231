import type { Demands } from "./demands";
import type { Size } from "./sizes";

/** The most that decoding may cost, in units of some 16 ns: less than 2 s of CPU (docs/images.md). */
export const MOST_COST = 120_000_000;

/** Of pixels and bytes. */
export function costOf({ perPixel, perByte, bytes }: Demands, { width, height }: Size): number {
  return perPixel * width * height + perByte * bytes;
}
