import type { Sharp } from "sharp";
import type { RenditionSpec } from "../imageTypes";
import type { Focus } from "../records";
import { openImage } from "./safety";
import { isSame, type Size, type Target } from "./sizes";

/** Decoded pixels: sRGB, 8 bits, upright, with or without alpha. */
export interface Pixels extends Size {
  data: Buffer;
  channels: 3 | 4;
}

export async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4 };
}

export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return openImage(data, { raw: { width, height, channels } });
}

/** Whether every pixel is opaque: an alpha channel may say so of all. */
export function isOpaque({ data, channels }: Pixels): boolean {
  for (let alpha = 3; channels === 4 && alpha < data.length; alpha += 4) if (data[alpha] !== 255) return false;
  return true;
}

/**
 * The whole picture at another size. `exact` asks for the best scaling (Lanczos); the cubic kernel takes a sixth less
 * and is at most 0.4 dB worse, which an encoder's own noise hides.
 */
export async function scaled(pixels: Pixels, size: Size, exact: boolean): Promise<Pixels> {
  if (isSame(pixels, size)) return pixels;
  const kernel = exact ? "lanczos3" : "cubic";
  return pixelsOf(fromPixels(pixels).resize({ ...size, fit: "fill", kernel }));
}

/**
 * The part of the picture that `cover` keeps, with the scale at which the whole would have the size `whole`. Where that
 * enlarges, the rest is cut away first: the whole could be a million pixels long.
 */
export async function cropped(pixels: Pixels, { spec, whole, size }: Target, focus?: Focus): Promise<Pixels> {
  if (whole.width <= pixels.width) return cut(pixels, whole, size, spec.position, focus);
  const part = (side: number, of: number, all: number) => Math.min(all, Math.max(1, Math.round((side * all) / of)));
  const width = part(size.width, whole.width, pixels.width);
  const height = part(size.height, whole.height, pixels.height);
  return scaled(await cut(pixels, pixels, { width, height }, spec.position, focus), size, true);
}

/** A part of this size of the picture at the size `whole`. */
function cut(pixels: Pixels, whole: Size, size: Size, position: RenditionSpec["position"], focus?: Focus) {
  const image = fromPixels(pixels);
  if (position === "attention" || position === "entropy") {
    return pixelsOf(image.resize({ ...size, fit: "cover", position }));
  }
  // Not by `cover`: sides that were rounded before would move the picture.
  const { x, y } = (position === "focus" ? focus : undefined) ?? { x: 0.5, y: 0.5 };
  // As near to the middle of the part as the picture's edges allow.
  const start = (at: number, all: number, side: number) =>
    Math.max(0, Math.min(all - side, Math.round(at * all - side / 2)));
  const corner = { left: start(x, whole.width, size.width), top: start(y, whole.height, size.height) };
  return pixelsOf(
    image.resize({ width: whole.width, height: whole.height, fit: "fill" }).extract({ ...corner, ...size }),
  );
}
