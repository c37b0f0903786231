import type { JpegOptions, Sharp } from "sharp";
import type { RenditionFormat } from "../imageTypes";
import type { Timing } from "./animation";
import { encoderNumber } from "./encoderNumbers";
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
