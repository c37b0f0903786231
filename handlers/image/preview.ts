import { rgbaToThumbHash } from "thumbhash";
import type { Preview } from "../records";
import { fromPixels, pixelsOf, type Pixels } from "./pixels";

/** A ThumbHash keeps seven waves to a side: more pixels (it takes up to 100) would not show, and cost more. */
const LONGEST = 48;

/** A picture's preview, made of pixels that are at hand: the fewer, the cheaper. */
export async function previewOf(pixels: Pixels): Promise<Preview> {
  const box = { width: LONGEST, height: LONGEST, fit: "inside", withoutEnlargement: true } as const;
  const { data, width, height } = await pixelsOf(fromPixels(pixels).resize(box).ensureAlpha());
  return {
    placeholder: Buffer.from(rgbaToThumbHash(width, height, data)).toString("base64"),
    dominantColour: dominantColour(data),
  };
}

/** The mean of the colours that are most: alike are those with the same four upper bits. Transparency counts for less. */
function dominantColour(rgba: Uint8Array): string {
  const sums = new Map<number, [weight: number, red: number, green: number, blue: number]>();
  let most: [number, number, number, number] = [0, 0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(at, at + 4);
    const kind = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const sum = sums.get(kind) ?? [0, 0, 0, 0];
    sums.set(kind, sum);
    [1, red, green, blue].forEach((part, i) => (sum[i] = (sum[i] ?? 0) + part * alpha));
    if (sum[0] > most[0]) most = sum;
  }
  const [weight, ...colour] = most;
  const hex = (sum: number) =>
    Math.round(sum / Math.max(1, weight))
      .toString(16)
      .padStart(2, "0");
  return `#${colour.map(hex).join("")}`;
}
