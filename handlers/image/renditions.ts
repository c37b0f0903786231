import { formatFor, type RenditionSpec } from "../imageTypes";
import type { Rendered, Rendition } from "../imagePorts";
import type { Focus } from "../records";
import type { Timing } from "./animation";
import { openSource } from "./decode";
import { encodeAs } from "./encode";
import { cropped, eachOf, isOpaque, joined, scaled, type Frames } from "./pixels";
import { previewOf } from "./preview";
import { reasonOf } from "./safety";
import { release } from "../garbage";
import { sharing } from "./sharing";
import { isSame, targetOf, type Size, type Target } from "./sizes";

/**
 * Makes all renditions of an original, and hands on each once it is encoded. The original is decoded once, to the largest
 * size that is needed, and each rendition derives from the next larger one.
 *
 * `focus` is the point around which `cover` crops where that is configured. EXIF orientation is applied and colours become
 * sRGB; metadata is dropped.
 * Of an animation the first frame is taken, and all frames for an image type that keeps them.
 * Resolves with a reason where the image is to blame; rejects where this machine lacks memory or space.
 * Needs `hardenSharp()` once before.
 */
export async function makeRenditions(
  original: Uint8Array,
  specs: RenditionSpec[],
  onRendition: (rendition: Rendition) => void,
  focus?: Focus,
): Promise<Rendered> {
  try {
    const source = await openSource(
      original,
      specs.some(({ animated }) => animated),
    );
    const targets = specs.map((spec) => targetOf(source.size, spec)).sort((a, b) => b.whole.width - a.whole.width);
    const exact = specs.some(showsDetail);
    const animation = specs.some(({ animated }) => animated) ? source.animation : undefined;
    let frames: Frames = animation
      ? await animation.decode()
      : [await source.decode(largest(source.size, targets), exact)];
    // Of the largest pixels, from which all others derive: scaled down, a little transparency is rounded away.
    const opaque = frames.map(isOpaque);
    for (const [target, ...others] of sharing(targets, opaque[0] === true, animation !== undefined)) {
      const timing = target.spec.animated ? animation?.timing : undefined;
      const shown: Frames = timing ? frames : [frames[0]];
      const areOpaque = opaque.slice(0, shown.length).every((each) => each);
      const rendition = await make(shown, target, { exact, opaque: areOpaque, focus, timing });
      // Not from an enlarged one: it shows no more than what it was made of. And in few steps where the page shines through:
      // sharp multiplies its colours by alpha and rounds them down, which darkens them a little with each step.
      const step = areOpaque ? 1 : TRANSPARENT_STEP;
      if (rendition.whole && rendition.whole[0].width * step < frames[0].width) {
        for (const { data } of shown) release(data);
        frames = timing ? rendition.whole : [rendition.whole[0], ...frames.slice(1)];
      }
      const same = others.map(({ spec }) => ({ ...rendition.made, spec, sameAs: target.spec }));
      for (const each of [rendition.made, ...same]) onRendition(each);
    }
    const { width, height } = source.size;
    return { preview: await previewOf(frames[0]), width, height };
  } catch (error) {
    return { undecodable: reasonOf(error), cause: "undecodable" };
  }
}

/** How many times smaller pixels with transparency are before others derive from them. */
const TRANSPARENT_STEP = 3;

/** The size to decode to: never more than the original has. */
function largest(original: Size, [first]: Target[]): Size {
  if (!first || first.whole.width >= original.width) return original;
  return first.whole;
}

/** Whether the encoding keeps so much that the cheaper way of scaling could be seen. */
function showsDetail({ format, quality }: RenditionSpec): boolean {
  return format === "png" || quality > 85;
}

interface Making {
  exact: boolean;
  opaque: boolean;
  focus: Focus | undefined;
  timing: Timing | undefined;
}

/** The rendition, and, where it shows the whole picture, its pixels for the smaller ones to derive from. */
async function make(
  from: Frames,
  target: Target,
  { exact, opaque, focus, timing }: Making,
): Promise<{ made: Rendition; whole?: Frames }> {
  const { spec, whole, size } = target;
  const isWhole = isSame(whole, size);
  const frames = isWhole ? await eachOf(from, (each) => scaled(each, size, exact)) : await cropped(from, target, focus);
  const format = formatFor(spec.format, opaque && !timing);
  const all = joined(frames);
  const body = await encodeAs(all, format, spec.quality, timing).toBuffer();
  if (timing) release(all.data);
  return { made: { spec, format, body, ...size }, ...(isWhole && { whole: frames }) };
}
