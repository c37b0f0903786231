import type { Bytes } from "./parts";

/** A file that is read part by part. */
export interface PartialFile {
  bytes: Bytes;
  /** The stretch that was asked for since the last call and is not at hand; undefined where all was. */
  missing(): Stretch | undefined;
  /** Puts a stretch at hand, which begins there. */
  add(from: number, part: Uint8Array): void;
}
interface Stretch {
  from: number;
  /** Exclusive. */
  to: number;
}

/**
 * A file of `length` bytes of which nothing is at hand yet. Reading what is missing throws a RangeError, as beyond the end
 * of a Buffer does, and the file tells what it was: once that is added, reading starts over.
 */
export function partialFile(length: number): PartialFile {
  const pieces: { from: number; part: Buffer }[] = [];
  let missing: Stretch | undefined;
  const at = (from: number, count: number): Buffer => {
    const to = from + count;
    const piece = pieces.find((each) => each.from <= from && to <= each.from + each.part.length);
    if (piece) return piece.part.subarray(from - piece.from, to - piece.from);
    if (to <= length) missing ??= { from, to };
    throw new RangeError("not at hand");
  };
  return {
    bytes: {
      length,
      isPartial: true,
      readUInt8: (offset = 0) => at(offset, 1).readUInt8(),
      readUInt16BE: (offset = 0) => at(offset, 2).readUInt16BE(),
      readUInt16LE: (offset = 0) => at(offset, 2).readUInt16LE(),
      readUInt32BE: (offset = 0) => at(offset, 4).readUInt32BE(),
      readUInt32LE: (offset = 0) => at(offset, 4).readUInt32LE(),
      readUIntBE: (offset, count) => at(offset, count).readUIntBE(0, count),
      readUIntLE: (offset, count) => at(offset, count).readUIntLE(0, count),
      readBigUInt64BE: (offset = 0) => at(offset, 8).readBigUInt64BE(),
      readBigUInt64LE: (offset = 0) => at(offset, 8).readBigUInt64LE(),
      subarray: (from = 0, to = length) => {
        const end = Math.min(to, length);
        return end > from ? at(from, end - from) : Buffer.alloc(0);
      },
    },
    missing: () => {
      const asked = missing;
      missing = undefined;
      return asked;
    },
    add: (from, part) => void pieces.push({ from, part: bufferOf(part) }),
  };
}

/** The same bytes as a Buffer. */
export const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
