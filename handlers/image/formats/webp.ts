import type { Bytes } from "../bytes";
import { orientationOf, turned } from "../exif";
import type { Format, Part } from "./format";

/**
 * The chunks, or those up to the pixels of a file that is only partly at hand.
 * https://developers.google.com/speed/webp/docs/riff_container
 */
export function* webpChunks(file: Bytes): Generator<Part> {
  for (let at = 12; at < file.length;) {
    const start = at + 8;
    const kind = file.text(at, 4);
    const length = file.uint(at + 4, 4, true);
    yield { kind, start, end: start + length };
    if (file.isPartial && ["VP8 ", "VP8L", "ANMF"].includes(kind)) return;
    at = start + length + (length % 2);
  }
}

/** The sides that the first chunk has: of the canvas, or of the only picture. */
function storedSides(file: Bytes) {
  const kind = file.text(12, 4);
  if (kind === "VP8X") return { width: 1 + file.uint(24, 3, true), height: 1 + file.uint(27, 3, true) };
  const isLossless = kind === "VP8L" && file.uint(20, 1) === 0x2f;
  if (!isLossless && (kind !== "VP8 " || file.uint(23, 3) !== 0x9d012a)) throw new RangeError("no picture");
  const bits = isLossless ? file.uint(21, 4, true) : 0;
  return isLossless
    ? { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) }
    : { width: file.uint(26, 2, true) & 0x3fff, height: file.uint(28, 2, true) & 0x3fff };
}

export const webp: Format = {
  name: "WebP",
  matches: (start) => start.startsWith("RIFF") && start.startsWith("WEBP", 8),
  header(file) {
    let orientation: number | undefined;
    for (const { kind, start } of webpChunks(file)) if (kind === "EXIF") orientation ??= orientationOf(file, start);
    return turned(storedSides(file), orientation);
  },
  isComplete: (file) => file.uint(4, 4, true) + 8 <= file.length,
  loaders: ["VipsForeignLoadWebpBuffer"],
};
