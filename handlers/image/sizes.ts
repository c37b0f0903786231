import type { RenditionSpec } from "../imageTypes";

export interface Size {
  width: number;
  height: number;
}
export interface Target {
  spec: RenditionSpec;
  /** Of the whole picture, scaled as this rendition needs it. */
  whole: Size;
  /** Of the rendition: `whole`, or the part of it that `cover` keeps. */
  size: Size;
}

/** The size of a rendition: exactly the one that sharp's `resize` makes. */
export function targetOf(original: Size, spec: RenditionSpec): Target {
  const across = original.width / spec.width;
  const down = original.height / spec.height;
  const shrink = spec.fit === "inside" ? Math.max(across, down) : Math.min(across, down);
  const allowed = spec.enlarge ? shrink : Math.max(1, shrink);
  const whole = { width: resized(original.width, allowed), height: resized(original.height, allowed) };
  const size = { width: Math.min(whole.width, spec.width), height: Math.min(whole.height, spec.height) };
  return { spec, whole, size };
}

/**
 * One side after a shrink by this factor (below 1 it is enlarged), never less than a pixel. sharp hands `1 / shrink` to
 * `vips_resize`, which multiplies by it to enlarge (vips_affine) and divides by its inverse to shrink (vips_reduce).
 * The two differ where the result lies half-way between two pixels.
 */
function resized(side: number, shrink: number): number {
  const scale = 1 / Math.min(shrink, side);
  return Math.floor((scale > 1 ? side * scale : side / (1 / scale)) + 0.5);
}

export const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
