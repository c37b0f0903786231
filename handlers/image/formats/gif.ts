import { readerOfAll, type Bytes } from "../bytes";
import type { Format } from "./format";

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, sections 20 and 22. */
interface Frame {
  /** Where its sides begin: left, top, width, height. */
  at: number;
  /** Where its coded pixels begin. */
  data: number;
}

/**
 * The frames up to the end mark, or to other bytes that decoders pass over; of a file that is only partly at hand the first.
 */
function* framesOf(file: Bytes): Generator<Frame> {
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterBlocks = (start: number) => {
    let at = start;
    for (let length = file.uint(at, 1); length > 0; length = file.uint(at, 1)) at += 1 + length;
    return at + 1;
  };
  let at = 13 + colours(file.uint(10, 1));
  for (;;) {
    const introducer = file.uint(at, 1);
    if (introducer === 0x21) {
      at = afterBlocks(at + 2);
    } else if (introducer === 0x2c) {
      const data = at + 10 + colours(file.uint(at + 9, 1));
      yield { at: at + 1, data };
      if (file.isPartial) return;
      at = afterBlocks(data + 1);
    } else return;
  }
}

/**
 * Whether a frame's data (LZW, appendix F) makes all of its pixels. It ends with its blocks, its end code, or a code that
 * stands for nothing.
 */
function hasAllPixels(file: Buffer, { at: sides, data }: Frame): boolean {
  const bits = file[data] ?? 0;
  if (bits < 1 || bits > 11) return false;
  const clear = 2 ** bits;
  // How long the row of pixels is that each code stands for.
  const lengths = new Uint32Array(4096).fill(1, 0, clear);
  let missing = file.readUInt16LE(sides + 4) * file.readUInt16LE(sides + 6);
  let [next, codeBits, last] = [clear + 2, bits + 1, 0];
  let [held, count, at, block] = [0, 0, data + 1, 0];
  while (missing > 0) {
    for (; count < codeBits; count += 8) {
      if (block === 0) block = file[at++] ?? 0;
      if (block === 0) return false;
      held |= (file[at++] ?? 0) << count;
      block--;
    }
    const code = held & (2 ** codeBits - 1);
    held >>>= codeBits;
    count -= codeBits;
    if (code === clear) {
      [next, codeBits, last] = [clear + 2, bits + 1, 0];
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && last === 0)) return false;
    if (last > 0 && next < 4096) lengths[next++] = last + 1;
    last = lengths[code] ?? 0;
    missing -= last;
    if (next === 2 ** codeBits && codeBits < 12) codeBits++;
  }
  return true;
}

export const gif: Format = {
  name: "GIF",
  matches: (start) => /^GIF8[79]a/.test(start),
  /** The screen, which decoders make larger for a frame that reaches beyond it. */
  header(file) {
    const [frame] = framesOf(file);
    const side = (at: number) => file.uint(at, 2, true);
    const reach = (at: number) => (frame ? side(frame.at + at) + side(frame.at + at + 4) : 0);
    return { width: Math.max(side(6), reach(0)), height: Math.max(side(8), reach(2)) };
  },
  isComplete(file) {
    const frames = framesOf(file);
    while (!frames.next().done);
    return true;
  },
  loaders: ["VipsForeignLoadNsgifBuffer"],
  /** Decoders leave pixels that are missing transparent, and say nothing. */
  verify(file, { animated }) {
    let isWanted = true;
    for (const frame of framesOf(readerOfAll(file))) {
      if (isWanted && !hasAllPixels(file, frame)) throw new RangeError("truncated frame");
      isWanted = animated;
    }
  },
};
