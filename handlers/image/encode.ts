import type { JpegOptions, Sharp } from "sharp";
import type { RenditionFormat } from "../imageTypes";
import type { Timing } from "./animation";
import { fromPixels, type Pixels } from "./pixels";

/**
 * The cheapest at equal looks: CPU on Lambda, bytes kept for a year and delivered, by `npx snail bench effort`. AVIF's next
 * one takes 2.5 times the CPU for 2 % of the bytes. GIF's higher efforts cost several times as much for hardly fewer
 * bytes. Less effort is for frames, which are many.
 */
export const efforts = { webp: 5, lessWebp: 2, avif: 0, gif: 1 };

/** A pipeline that encodes pixels, of frames with their timing. Metadata (GPS!) is dropped, as is sharp's default. */
export function encodeAs(pixels: Pixels, format: RenditionFormat, quality: number, timing?: Timing): Sharp {
  const image = fromPixels(pixels);
  switch (format) {
    case "jpeg":
      return image.flatten({ background: "white" }).jpeg(jpegOptions(quality, pixels.trait));
    case "webp": {
      const effort = timing ? efforts.lessWebp : efforts.webp;
      return image.webp({ quality: encoderNumber("webp", quality), effort, ...timing });
    }
    case "avif":
      return image.avif({ quality: encoderNumber("avif", quality), effort: efforts.avif });
    case "png":
      return image.png();
    case "gif":
      return image.gif({ effort: efforts.gif, ...timing });
  }
}

/**
 * Optimised Huffman tables take 60 % of the time for 1 to 2 % of the bytes. Quantisation table 2, which was tuned for
 * structural similarity, saves more: a step of quality more still leaves fewer bytes, and looks better. Another step makes
 * up for soft pixels. From 86 on there is nothing to make up for. A JPEG at its own size gets the usual table: it was most
 * likely encoded with it, and loses nothing more by the same again.
 */
function jpegOptions(quality: number, trait: Pixels["trait"]): JpegOptions {
  if (trait === "jpeg") return { quality, optimiseCoding: false };
  const more = quality > 85 ? 0 : trait === "soft" ? 2 : 1;
  return { quality: quality + more, optimiseCoding: false, quantisationTable: 2 };
}

/**
 * The number with which an encoder makes a picture look as much like its original as JPEG of this quality does: 1 to 100.
 */
export function encoderNumber(format: keyof typeof sameLooks, quality: number): number {
  const numbers = sameLooks[format];
  const above = qualities.findIndex((each) => each >= quality);
  const [low = 0, high = 0] = [qualities[above - 1] ?? qualities[0], qualities[above]];
  const [from = 0, to = 0] = [numbers[above - 1] ?? numbers[0], numbers[above]];
  return Math.round(from + ((to - from) * (quality - low)) / Math.max(1, high - low));
}

/**
 * Qualities, and the numbers of equal MS-SSIM, on the average of two photos; between them the way is straight. Measured by
 * `npx snail bench quality` on 2026-11-25 with sharp 0.35.5 and these efforts.
 */
const qualities = [1, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100];
const sameLooks = {
  webp: [1, 4, 18, 32, 43, 54, 66, 77, 80, 83, 87, 91, 96, 100],
  avif: [1, 12, 28, 37, 42, 46, 51, 57, 61, 67, 74, 82, 91, 99],
};
