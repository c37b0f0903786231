import type { JpegOptions, Sharp } from "sharp";
import type { RenditionFormat } from "../imageTypes";
import { encoderNumber } from "./encoderNumbers";

/**
 * The cheapest at equal looks: CPU on Lambda, bytes kept for a year and delivered, by `npx snail bench effort`. AVIF's next
 * one takes 2.5 times the CPU for 2 % of the bytes.
 */
export const efforts = { webp: 5, avif: 0 };

/** Gives a pipeline its output format. Metadata (GPS!) is dropped, as is sharp's default. */
export function encodeAs(image: Sharp, format: RenditionFormat, quality: number): Sharp {
  switch (format) {
    case "jpeg":
      return image.flatten({ background: "white" }).jpeg(jpegOptions(quality));
    case "webp":
      return image.webp({ quality: encoderNumber("webp", quality), effort: efforts.webp });
    case "avif":
      return image.avif({ quality: encoderNumber("avif", quality), effort: efforts.avif });
    case "png":
      return image.png();
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
