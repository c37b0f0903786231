/** A file as readers of formats see it. They throw a RangeError where it breaks off. */
export interface Bytes {
  readonly length: number;
  /** Whether only parts of the file are at hand: readers then stop where its pixels begin. */
  readonly isPartial: boolean;
  /** Returns the unsigned number of 1 to 8 bytes. */
  uint(at: number, width: number, isLittleEndian?: boolean): number;
  /** Returns a character for each of `length` bytes. */
  text(at: number, length: number): string;
  /** Returns the bytes between two offsets, up to the end of the file. */
  slice(from: number, to: number): Buffer;
}

export interface Reader extends Bytes {
  /** Puts a part at hand, which begins there. */
  add(from: number, part: Uint8Array): void;
  /** The stretch that was read since the last call and is not at hand; undefined where all was. */
  missing(): { from: number; to: number } | undefined;
  /** Whether reads were refused because the steps were used up. */
  isExhausted(): boolean;
}

/**
 * Returns a reader of a file whose parts are added later. It reads until `steps` are used up: a number or a text takes one,
 * a slice one and another for every 16 bytes. All work of the formats' readers is in proportion to their steps, which so
 * limit the time that a file of any content takes.
 */
export function readerOf(length: number, steps: number, isPartial = false): Reader {
  const pieces: { from: number; part: Buffer }[] = [];
  let left = steps;
  let missing: ReturnType<Reader["missing"]>;
  const pieceAt = (from: number, to: number, cost: number) => {
    left -= cost;
    if (left < 0) throw new RangeError("read error: too many steps");
    for (const piece of pieces) if (piece.from <= from && to <= piece.from + piece.part.length) return piece;
    if (to <= length) missing ??= { from, to };
    throw new RangeError("read error: not at hand");
  };
  return {
    length,
    isPartial,
    uint(at, width, isLittleEndian = false) {
      const { from, part } = pieceAt(at, at + width, 1);
      let value = 0;
      for (let i = 0; i < width; i++)
        value = value * 256 + (part[at - from + (isLittleEndian ? width - 1 - i : i)] ?? 0);
      return value;
    },
    text(at, length) {
      const { from, part } = pieceAt(at, at + length, 1);
      return part.toString("latin1", at - from, at - from + length);
    },
    slice(from, to) {
      const end = Math.max(from, Math.min(to, length));
      const piece = pieceAt(from, end, 1 + (end - from) / 16);
      return piece.part.subarray(from - piece.from, end - piece.from);
    },
    add: (from, part) => void pieces.push({ from, part: bufferOf(part) }),
    missing() {
      const stretch = missing;
      missing = undefined;
      return stretch;
    },
    isExhausted: () => left < 0,
  };
}

/** Reads a file that is wholly at hand, without a limit. */
export function readerOfAll(file: Buffer): Bytes {
  const reader = readerOf(file.length, Infinity);
  reader.add(0, file);
  return reader;
}

/** The same bytes as a Buffer. */
export const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
