import { rgbaToThumbHash } from "thumbhash";
import type { Preview } from "../records";
import { fromPixels, pixelsOf, type Pixels } from "./pixels";

/** A ThumbHash keeps seven waves to a side: more pixels (it takes up to 100) would not show, and cost more. */
const LONGEST = 48;
/** Kinds of colours, by four bits of each part. */
const KINDS = 4096;

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
  // Weight, red, green and blue of each kind. Plain numbers, since objects for each pixel keep the garbage collector busy.
  const sums = new Uint32Array(4 * KINDS);
  const add = (at: number, value: number) => (sums[at] = (sums[at] ?? 0) + value);
  let most = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const [red, green, blue, alpha] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0, rgba[at + 3] ?? 0];
    const kind = 4 * (((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4));
    add(kind, alpha);
    add(kind + 1, red * alpha);
    add(kind + 2, green * alpha);
    add(kind + 3, blue * alpha);
    if ((sums[kind] ?? 0) > (sums[most] ?? 0)) most = kind;
  }
  const [weight = 0, ...colour] = sums.subarray(most, most + 4);
  const hex = (sum: number) =>
    Math.round(sum / Math.max(1, weight))
      .toString(16)
      .padStart(2, "0");
  return `#${colour.map(hex).join("")}`;
}
