import type { Metadata } from "sharp";
import { release } from "../garbage";
import { eachOf, fromPixels, pixelsOf, type Frames } from "./pixels";
import { openImage } from "./safety";

/** An original of several frames. */
export interface Animation {
  timing: Timing;
  /** Every frame as it is shown, whole and upright. */
  decode(): Promise<Frames>;
}
export interface Timing {
  /** How long each frame is shown, in milliseconds. */
  delay: number[];
  /** How often all are shown; 0: without end. */
  loop: number;
}

/** The longest delay that sharp takes, in milliseconds, and how often it shows all frames at most. */
const MOST_TIMES = 65_535;

/** The animation that an original is; undefined for one of a single frame, or of a format whose pages are not frames. */
export function animationOf(original: Uint8Array, header: Metadata): Animation | undefined {
  const { format, pages: frames = 1, delay = [], loop = 0 } = header;
  if ((format !== "webp" && format !== "gif") || frames === 1) return undefined;
  const within = (number: number) => Math.min(number, MOST_TIMES);
  return {
    timing: { delay: delay.map(within), loop: within(loop) },
    decode: () => decodeFrames(original, frames, header.orientation),
  };
}

async function decodeFrames(original: Uint8Array, frames: number, orientation = 1): Promise<Frames> {
  const { data, height, ...sides } = await pixelsOf(openImage(original, { animated: true }));
  const bytes = data.length / frames;
  const frame = (at: number) => ({
    ...sides,
    data: Buffer.from(data.subarray(at * bytes, (at + 1) * bytes)),
    height: height / frames,
  });
  const all: Frames = [frame(0)];
  for (let at = 1; at < frames; at++) all.push(frame(at));
  release(data);
  if (orientation === 1) return all;
  // By EXIF orientation from 1 to 8. sharp turns no picture of several frames by it.
  const angle = [0, 0, 180, 180, 270, 90, 90, 270][orientation - 1];
  const isMirrored = [2, 4, 5, 7].includes(orientation);
  return eachOf(all, (each) => pixelsOf(fromPixels(each).flop(isMirrored).rotate(angle)));
}
