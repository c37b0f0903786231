import type { Pixels } from "./pixels";

/** A difference between neighbours counts no more than this: letters and drawings have few edges, however sharp they are. */
const MOST_DIFFERENCE = 16;

/**
 * The mean difference from which on a picture is noise. Photos have 2 to 7, with strong grain 11, and pages of small letters
 * as much; noise has up to 15, and with transparency three times that.
 */
const NOISE = 12;

/** One pixel in so many is looked at, in other columns of each row at usual widths. */
const STEP = 13;

/**
 * Whether neighbouring pixels differ nearly everywhere. WebP of such a picture takes two to four times the CPU of a
 * photo's, and more effort makes it no smaller. Alpha counts twice: it is compressed without loss.
 */
export function isNoise({ data, channels }: Pixels): boolean {
  let [colours, alpha, pairs] = [0, 0, 0];
  for (let at = channels; at + channels <= data.length; at += STEP * channels, pairs++) {
    for (let i = at; i < at + 3; i++) colours += difference(data, i, i - channels);
    if (channels === 4) alpha += difference(data, at + 3, at - 1);
  }
  return colours / 3 + 2 * alpha > NOISE * pairs;
}

function difference(data: Buffer, a: number, b: number): number {
  return Math.min(MOST_DIFFERENCE, Math.abs((data[a] ?? 0) - (data[b] ?? 0)));
}
