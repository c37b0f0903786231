import type { JpegOptions, Sharp } from "sharp";
import type { RenditionFormat } from "../imageTypes";
import type { Timing } from "./animation";
import { encoderNumber } from "./encoderNumbers";

/**
 * The cheapest at equal looks: CPU on Lambda, bytes kept for a year and delivered, by `npx snail bench effort`. AVIF's next
 * one takes 2.5 times the CPU for 2 % of the bytes. Frames of an animation are many, and GIF's higher efforts cost several
 * times as much for hardly fewer bytes.
 */
export const efforts = { webp: 5, avif: 0, frames: 2, gif: 1 };

/** Gives a pipeline its output format, and frames their timing. Metadata (GPS!) is dropped, as is sharp's default. */
export function encodeAs(image: Sharp, format: RenditionFormat, quality: number, timing?: Timing): Sharp {
  switch (format) {
    case "jpeg":
      return image.flatten({ background: "white" }).jpeg(jpegOptions(quality));
    case "webp": {
      const effort = timing ? efforts.frames : efforts.webp;
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
 * Optimised Huffman tables take 60 % of the time for 1 to 2 % of the bytes, and quantisation table 3 saves more than
 * that. It is a little coarser: two steps of quality make up for it, and leave fewer bytes still. From 86 on there is
 * nothing to make up for.
 */
function jpegOptions(quality: number): JpegOptions {
  return { quality: quality <= 85 ? quality + 2 : quality, optimiseCoding: false, quantisationTable: 3 };
}
