import type { Bytes } from "../bytes";
import { orientationOf, turned } from "../exif";
import type { Format, Part } from "./format";

/**
 * The chunks up to the last, or up to the pixels of a file that is only partly at hand.
 * https://www.w3.org/TR/png-3/#5Chunk-layout
 */
export function* pngChunks(file: Bytes): Generator<Part> {
  const isLast = (kind: string) => kind === "IEND" || (file.isPartial && kind === "IDAT");
  let kind = "";
  for (let at = 8; !isLast(kind);) {
    kind = file.text(at + 4, 4);
    const start = at + 8;
    const end = start + file.uint(at, 4);
    yield { kind, start, end };
    at = end + 4; // a checksum
  }
}

export const png: Format = {
  name: "PNG",
  matches: (start) => start.startsWith("\x89PNG\r\n\x1a\n"),
  header(file) {
    let orientation: number | undefined;
    for (const { kind, start } of pngChunks(file)) if (kind === "eXIf") orientation ??= orientationOf(file, start);
    return turned({ width: file.uint(16, 4), height: file.uint(20, 4) }, orientation);
  },
  isComplete(file) {
    let end = 0;
    for (const chunk of pngChunks(file)) end = chunk.end + 4;
    return end <= file.length;
  },
  loaders: ["VipsForeignLoadPngBuffer"],
};
