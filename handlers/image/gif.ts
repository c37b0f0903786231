import type { Bytes } from "./parts";

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, sections 20 and 22. */
export interface GifFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Where its coded pixels begin. */
  data: number;
}

/** The frames of a GIF, up to its trailer, or to junk that decoders pass over. */
export function* gifFrames(file: Bytes): Generator<GifFrame, undefined> {
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterSubBlocks = (start: number) => {
    let offset = start;
    while (file.readUInt8(offset) !== 0) offset += 1 + file.readUInt8(offset);
    return offset + 1;
  };
  let offset = 13 + colours(file.readUInt8(10));
  for (;;) {
    const introducer = file.readUInt8(offset);
    if (introducer === 0x21) {
      offset = afterSubBlocks(offset + 2);
    } else if (introducer === 0x2c) {
      const [left, top, width, height] = [1, 3, 5, 7].map((at) => file.readUInt16LE(offset + at)) as [
        number,
        number,
        number,
        number,
      ];
      const data = offset + 10 + (file.isPartial ? 0 : colours(file.readUInt8(offset + 9)));
      if (!file.isPartial) offset = afterSubBlocks(data + 1);
      yield { left, top, width, height, data };
      if (file.isPartial) return;
    } else return;
  }
}

/**
 * How many pixels a frame's data makes (LZW, appendix F), or `enough`. Decoders leave those that are missing transparent,
 * and say nothing. The data ends with its blocks, its end code, or a code that stands for nothing.
 */
export function codedPixels(file: Bytes, data: number, enough: number): number {
  const bits = file.readUInt8(data);
  if (bits < 1 || bits > 11) return 0;
  const bytes = file.subarray(data + 1);
  const clear = 2 ** bits;
  // How long the row of pixels is that each code stands for.
  const lengths = new Uint32Array(4096).fill(1, 0, clear);
  let [next, width, last, pixels] = [clear + 2, bits + 1, 0, 0];
  let [held, count, at, block] = [0, 0, 0, 0];
  while (pixels < enough) {
    for (; count < width; count += 8) {
      if (block === 0) block = bytes[at++] ?? 0;
      if (block === 0) return pixels;
      held |= (bytes[at++] ?? 0) << count;
      block--;
    }
    const code = held & (2 ** width - 1);
    held >>>= width;
    count -= width;
    if (code === clear) {
      next = clear + 2;
      width = bits + 1;
      last = 0;
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && last === 0)) return pixels;
    if (last > 0 && next < 4096) lengths[next++] = last + 1;
    last = lengths[code] ?? 0;
    pixels += last;
    if (next === 2 ** width && width < 12) width++;
  }
  return enough;
}

/** Whether a frame has fewer pixels than it says. */
export function hasCutFrame(file: Bytes): boolean {
  for (const { data, width, height } of gifFrames(file))
    if (codedPixels(file, data, width * height) < width * height) return true;
  return false;
}
