import type { RenditionSpec } from "../imageTypes";

export interface Size {
  width: number;
  height: number;
}
export interface Target {
  spec: RenditionSpec;
  /** Of the whole picture, scaled as this rendition needs it. */
  whole: Size;
  /** Of the rendition: `whole`, or the part in the middle of it that `cover` keeps. */
  size: Size;
}

/** How large a rendition becomes, by the rules of sharp's `resize` (its rounding included). */
export function targetOf(original: Size, spec: RenditionSpec): Target {
  const across = original.width / spec.width;
  const down = original.height / spec.height;
  const wanted = spec.fit === "inside" ? Math.max(across, down) : Math.min(across, down);
  const scale = 1 / (spec.enlarge ? wanted : Math.max(1, wanted));
  const whole = {
    width: Math.max(1, Math.round(original.width * scale)),
    height: Math.max(1, Math.round(original.height * scale)),
  };
  const size = { width: Math.min(whole.width, spec.width), height: Math.min(whole.height, spec.height) };
  return { spec, whole, size };
}

export const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
