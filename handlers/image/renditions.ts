import type { RenditionSpec } from "../imageTypes";
import type { Rendition } from "../ports";
import { openSource, type Source } from "./decode";
import { encodeAs } from "./encode";
import { fromPixels, scaled, type Pixels } from "./pixels";
import { isSame, targetOf, type Size, type Target } from "./sizes";

/**
 * Makes all renditions of an original. The original is decoded once, to the largest size that is needed, and each
 * rendition derives from the next larger one. While one is stored the next is made: each store starts as its encoding
 * ends, and all are awaited.
 *
 * EXIF orientation is applied and colours become sRGB; metadata is dropped; of an animation the first frame is taken.
 * Resolves with a reason where the original cannot be decoded; rejects where a store fails or anything else does.
 * Needs `hardenSharp()` once before.
 */
export async function makeRenditions(
  original: Uint8Array,
  specs: RenditionSpec[],
  store: (rendition: Rendition) => Promise<void>,
): Promise<{ undecodable?: string }> {
  let source: Source;
  let targets: Target[];
  let pixels: Pixels;
  try {
    source = await openSource(original);
    targets = specs.map((spec) => targetOf(source.size, spec)).sort((a, b) => b.whole.width - a.whole.width);
    pixels = await source.decode(largest(source.size, targets), specs.some(showsDetail));
  } catch (error) {
    return { undecodable: reasonOf(error) };
  }
  const stores: Promise<void>[] = [];
  try {
    for (const target of targets) {
      const rendition = await make(pixels, target);
      // Not from an enlarged one: it shows no more than what it was made of.
      if (rendition.pixels && rendition.pixels.width < pixels.width) pixels = rendition.pixels;
      const stored = store(rendition.made);
      stored.catch(() => undefined); // awaited below; until then its failure is not unhandled
      stores.push(stored);
    }
  } finally {
    // Even when something failed: what is still being stored after the answer could turn up when all is cleared away.
    await Promise.allSettled(stores);
  }
  await Promise.all(stores);
  return {};
}

/** The size to decode to: never more than the original has. */
function largest(original: Size, [first]: Target[]): Size {
  if (!first || first.whole.width >= original.width) return original;
  return first.whole;
}

/** Whether the encoding keeps so much that the cheaper way of scaling could be seen. */
function showsDetail({ format, quality }: RenditionSpec): boolean {
  return format === "png" || quality > 85;
}

/** The rendition, and, where it shows the whole picture, its pixels for the smaller ones to derive from. */
async function make(from: Pixels, { spec, whole, size }: Target): Promise<{ made: Rendition; pixels?: Pixels }> {
  const isWhole = isSame(whole, size);
  const pixels = isWhole ? await scaled(from, size) : from;
  const image = isWhole ? fromPixels(pixels) : fromPixels(pixels).resize({ ...size, fit: "cover" });
  const body = await encodeAs(image, spec).toBuffer();
  return { made: { spec, body, ...size }, ...(isWhole && { pixels }) };
}

/** Rethrows what is not the image's fault. libheif says of a header that lies that memory ends at its "security limit". */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isLimit = /security limit exceeded/i.test(message);
  if (!isLimit && /memory|allocate|no space|too many open/i.test(message)) throw error;
  return `The image's data is damaged and cannot be decoded (${message.trim().split("\n")[0] ?? ""}). Upload an intact file.`;
}
