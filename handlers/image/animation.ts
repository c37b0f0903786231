import type { Metadata } from "sharp";
import { release } from "../garbage";
import { hasCutFrame } from "./gif";
import { costOfFrames } from "./losslessWebp";
import { bufferOf } from "./partialFile";
import { eachOf, fromPixels, pixelsOf, type Frames } from "./pixels";
import { openImage } from "./safety";
import { sharing } from "./sharing";
import type { Size, Target } from "./sizes";

/** An original of several frames. */
export interface Animation {
  format: keyof typeof DECODING;
  bytes: number;
  /** Of each frame, after EXIF orientation. */
  size: Size;
  frames: number;
  timing: Timing;
  /** Cost of the codes of lossless frames beside their pixels, or more than `most`: of a WebP. */
  codes(most: number): number;
  /** Whether pixels are missing in a frame: of a GIF. */
  isCut(): boolean;
  /** Every frame as it is shown, whole and upright. */
  decode(): Promise<Frames>;
}
export interface Timing {
  /** How long each frame is shown, in milliseconds. */
  delay: number[];
  /** How often all are shown; 0: without end. */
  loop: number;
}

/** CPU time in units of some 16 ns, as in demands.ts: of a pixel and of a byte that are decoded. */
const DECODING = { webp: { perPixel: 1.5, perByte: 5.5 }, gif: { perPixel: 1, perByte: 2 } } as const;
/** The same of a pixel that is encoded. A palette of colours is looked for in each frame of a GIF. */
const ENCODING = { webp: 8, gif: 30 } as const;
/** The same of handing one frame to libvips, however small it is. */
const PER_FRAME = 50_000;
/** The most that an animation may cost together with all of its renditions that move: less than 10 s of CPU (docs/images.md). */
const MOST_COST = 600_000_000;
/** All frames are held in memory, with 4 bytes for each pixel, and those of the largest rendition as well. */
const MOST_PIXELS = 50_000_000;
/** The longest delay that sharp takes, in milliseconds. */
const LONGEST_DELAY = 65_535;

/** The animation that an original is; undefined for one of a single frame, or of a format whose pages are not frames. */
export function animationOf(original: Uint8Array, header: Metadata): Animation | undefined {
  const { format, pages: frames = 1, delay = [], loop = 0 } = header;
  if ((format !== "webp" && format !== "gif") || frames === 1) return undefined;
  const file = bufferOf(original);
  return {
    format,
    bytes: original.byteLength,
    size: header.autoOrient,
    frames,
    timing: { delay: delay.map((each) => Math.min(each, LONGEST_DELAY)), loop },
    codes: (most) => (format === "webp" ? costOfFrames(file, most) : 0),
    isCut: () => format === "gif" && hasCutFrame(file),
    decode: () => decodeFrames(original, frames, header.orientation),
  };
}

/** Tells an animation's uploader why it cannot be kept moving; undefined where it can. */
export function refuseMotion(animation: Animation, targets: Target[]): string | undefined {
  const { format, bytes, size, frames } = animation;
  const pixels = size.width * size.height;
  const decoding = DECODING[format];
  const moving = sharing(
    targets.filter(({ spec }) => spec.animated),
    false,
    true,
  );
  const encoded = moving.map(([{ spec, size: made }]) => {
    const perPixel = ENCODING[spec.format === "gif" ? "gif" : "webp"];
    return PER_FRAME + made.width * made.height * perPixel;
  });
  const costOfFrame = encoded.reduce(
    (sum, each) => sum + each,
    PER_FRAME + pixels * decoding.perPixel + (bytes * decoding.perByte + animation.codes(MOST_COST)) / frames,
  );
  const most = Math.min(MOST_PIXELS, Math.floor((pixels * MOST_COST) / costOfFrame));
  if (frames * pixels <= most) {
    return animation.isCut() ? "The animation breaks off within one of its frames. Upload an intact file." : undefined;
  }
  return `The animation has ${frames} frames of ${size.width} × ${size.height} pixels, ${frames * pixels} in all; at most ${most} can be kept moving here. Send a shorter or a smaller one.`;
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
