import { renditionMemoryMiB } from "../../components/renditionMemory";
import { imageFormats, widestLimits, type ImageFormat } from "../../handlers/imageTypes";
import type { Row } from "./measures";

/**
 * The memory of the function that makes renditions, by accepted format and limit of pixels: for two images at once of up to
 * 50 MiB each.
 * @example
 * const [jpeg] = chosenMemory();
 */
export function chosenMemory(): Row[] {
  const accepted: [name: string, formats: ImageFormat[]][] = [
    ...imageFormats.map((format): [string, ImageFormat[]] => [format, [format]]),
    ["all", [...imageFormats]],
  ];
  return accepted.map(([name, acceptedFormats]) => {
    const memory = [12, 25, 50, 100].map((megapixels): [string, number] => [
      `up to ${megapixels} MP`,
      renditionMemoryMiB({ ...widestLimits, acceptedFormats, maxBytes: 52_428_800, maxPixels: megapixels * 1e6 }, 2),
    ]);
    return { "accepted format": name, ...Object.fromEntries(memory) };
  });
}
