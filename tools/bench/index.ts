/** The door of the benchmarks: how they make renditions and compare them, for tests too. */
import { msssim } from "@blazediff/ssim/msssim";
import sharp from "sharp";
import type { RenditionFormat, RenditionSpec } from "../../handlers/imageTypes";
import { makeRenditions } from "../../handlers/image/renditions";
import type { Rendition } from "../../handlers/imagePorts";

/** The long edges of the default renditions. */
export const longEdges = [2016, 1280, 640, 320, 160];

/**
 * An image type whose renditions fit into a square.
 * @example
 * spec(640, "webp", { fit: "cover" });
 */
export function spec(edge: number, format: RenditionFormat = "jpeg", more?: Partial<Omit<RenditionSpec, "format">>) {
  return { imageType: `edge${edge}`, width: edge, height: edge, fit: "inside", format, quality: 80, ...more } as const;
}

/**
 * All renditions of an original, in the order of `specs`; fails where it cannot be decoded.
 * @example
 * const [large, small] = await renditionsOf(photo, [spec(2016), spec(640)]);
 */
export async function renditionsOf(original: Uint8Array, specs: RenditionSpec[]): Promise<Rendition[]> {
  const made: Rendition[] = [];
  const { undecodable } = await makeRenditions(original, specs, (rendition) => made.push(rendition));
  if (undecodable !== undefined) throw new Error(undecodable);
  return specs.flatMap((each) => made.filter((rendition) => rendition.spec === each));
}

/**
 * The plain way with sharp: a pipeline for each rendition.
 * @example
 * const { data, info } = await plainSharp(photo, spec(640));
 */
export function plainSharp(
  original: Uint8Array,
  { width, height, fit, format, quality, enlarge }: ReturnType<typeof spec>,
) {
  const image = sharp(original).autoOrient().resize({ width, height, fit, withoutEnlargement: !enlarge });
  return (format === "jpeg" ? image.flatten({ background: "white" }) : image)
    .toFormat(format, { quality })
    .toBuffer({ resolveWithObject: true });
}

/**
 * The pixels that one Lanczos step makes of the fully decoded original.
 * @example
 * psnr(await pixelsIn(rendition.body), await reference(photo, rendition));
 */
export async function reference(original: Uint8Array, size: { width: number; height: number }): Promise<Buffer> {
  const { data, info } = await sharp(original).autoOrient().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .resize({ width: size.width, height: size.height, fit: "fill", kernel: "lanczos3" })
    .raw()
    .toBuffer();
}

/**
 * The pixels of an encoded image as sRGB, three bytes each.
 * @example
 * const [red, green, blue] = await pixelsIn(rendition.body);
 */
export function pixelsIn(image: Uint8Array): Promise<Buffer> {
  return sharp(image).removeAlpha().toColourspace("srgb").raw().toBuffer();
}

/**
 * Peak signal-to-noise ratio in dB of two images of equal size; Infinity where they are the same.
 * @example
 * expect(psnr(pixels, await reference(photo, size))).to.be.above(35);
 */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new Error(`images of different sizes: ${a.length} and ${b.length} bytes`);
  let sum = 0;
  // Not by an iterator, which takes most of the time: a photo has millions of values.
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

/**
 * How alike two pictures of RGB look to people, up to 1: structural similarity at several scales (Wang, Simoncelli and
 * Bovik 2003).
 * @example
 * expect(similarity(pixels, await reference(photo, size), size)).to.be.above(0.98);
 */
export function similarity(a: Uint8Array, b: Uint8Array, { width, height }: { width: number; height: number }): number {
  return msssim(withAlpha(a), withAlpha(b), undefined, width, height);
}

function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
}
