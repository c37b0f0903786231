import type { Bytes } from "./parts";

/** A number in a TIFF directory, by its type: how many bytes it takes. Decoders take the signed ones as well. */
const widths: Record<number, 1 | 2 | 4 | 8> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8 };

/**
 * The single numbers of the first directory of a TIFF structure, by their tag. EXIF data is such a structure too. Throws
 * where the data is something else or breaks off.
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, BigTIFF: https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
 */
export function firstDirectory(data: Bytes): Map<number, number> {
  const { read } = layoutOf(data);
  const numbers = new Map<number, number>();
  for (const { tag, width, count, at } of firstEntries(data))
    if (width !== undefined && count === 1 && !numbers.has(tag)) numbers.set(tag, read(width, at()));
  return numbers;
}

/** Tags of a sample's bits, and of the bytes of each strip and of each tile. */
const BITS = 258;
const COUNTS = [279, 325];
/** 30 megapixels in the smallest tiles are a tenth of it. */
const MOST_COUNTS = 1_000_000;

/** Bits of a sample, and how many bytes all strips or tiles have by their directory. They may be the same again and again. */
export function pixelData(data: Bytes): { bits: number; bytes: number } {
  const { read } = layoutOf(data);
  const seen = new Set<number>();
  let bits = 1;
  let bytes = 0;
  for (const { tag, width, count, at } of firstEntries(data)) {
    if (width === undefined || seen.has(tag)) continue;
    seen.add(tag);
    if (tag === BITS) bits = read(width, at());
    if (!COUNTS.includes(tag)) continue;
    if (count > MOST_COUNTS) throw new RangeError("too many strips or tiles");
    const start = at();
    for (let i = 0; i < count; i++) bytes += read(width, start + i * width);
  }
  return { bits, bytes };
}

/** Where strips begin, or tiles. */
const STARTS = [273, 324];

/** The data of all strips or tiles, which `pixelData` was content with. */
export function pixelPieces(data: Bytes): Buffer[] {
  const { read } = layoutOf(data);
  const numbers = (tags: number[]) => {
    for (const { tag, width, count, at } of firstEntries(data)) {
      if (width === undefined || !tags.includes(tag)) continue;
      const start = at();
      return Array.from({ length: count }, (_, i) => read(width, start + i * width));
    }
    return [];
  };
  const lengths = numbers(COUNTS);
  return numbers(STARTS)
    .slice(0, lengths.length)
    .map((start, i) => data.subarray(start, start + (lengths[i] ?? 0)));
}

interface Entry {
  tag: number;
  /** Where the entry begins. */
  from: number;
  /** Of each of its numbers, in bytes; undefined where they are not whole numbers. */
  width: 1 | 2 | 4 | 8 | undefined;
  count: number;
  /** Where its numbers begin: in the entry itself, if they fit. */
  at: () => number;
}

/** A plain TIFF cannot have more; a BigTIFF, which EXIF data may be as well, could have millions. */
const MOST_ENTRIES = 65_535;

/** The entries of the first directory. */
export function* firstEntries(data: Bytes): Generator<Entry> {
  const { read, first, word, head, row } = layoutOf(data);
  const entries = read(head, first);
  if (entries > MOST_ENTRIES) throw new RangeError("too many entries");
  for (let i = 0; i < entries; i++) {
    const entry = first + head + row * i;
    const width = widths[read(2, entry + 2)];
    const count = read(word, entry + 4);
    const field = entry + 4 + word;
    const at = () => (width !== undefined && width * count <= word ? field : read(word, field));
    yield { tag: read(2, entry), from: entry, width, count, at };
  }
}

/**
 * How many entries all directories have, or more than `most`: directories that lead in a circle never end. Of a file that
 * is only partly at hand those of the first directory.
 */
export function countEntries(data: Bytes, most: number): number {
  const { read, first, word, head, row } = layoutOf(data);
  let count = 0;
  for (let start = first; start !== 0 && count <= most;) {
    const entries = read(head, start);
    count += Math.max(1, entries);
    if (data.isPartial) break;
    const next = start + head + row * entries;
    if (count <= most) start = read(word, next);
  }
  return count;
}

/** Tags of EXIF data that lead to a directory: of the camera, of the place, of interoperability. */
const POINTERS = [0x8769, 0x8825, 0xa005];
/** libexif follows them until the logarithms, to the base of 1.1, of the entries of each level come to more than this. */
const MOST_DEPTH = 170;

/**
 * How many entries libexif reads of the directories that EXIF data leads to, or more than `most`. Directories that lead to
 * each other are read as often as they are named, at each level, which may be longer than any computer lasts.
 */
export function countLedTo(data: Bytes, most: number): number {
  const { read, first } = layoutOf(data);
  let count = 0;
  const follow = (start: number, kind: number, depth: number): number => {
    if (depth > MOST_DEPTH || start + 2 > data.length) return 0;
    const entries = Math.min(read(2, start), Math.floor((data.length - start - 2) / 12));
    if (kind !== 0) count += entries;
    const deeper = depth + Math.ceil(Math.log(entries + 0.1) / Math.log(1.1));
    for (let at = start + 2; at < start + 2 + 12 * entries && count <= most; at += 12) {
      const tag = read(2, at);
      if (POINTERS.includes(tag) && tag !== kind) follow(read(4, at + 8), tag, deeper);
    }
    return start + 2 + 12 * entries;
  };
  const next = follow(first, 0, 0);
  if (next > 0 && next + 4 <= data.length) follow(read(4, next), 0, 0);
  return count;
}

/**
 * Byte order, where its first directory is, and how many bytes an offset, the number of a directory's entries and each of
 * these take.
 */
export function layoutOf(data: Bytes) {
  const order = data.subarray(0, 2).toString("latin1");
  if (order !== "II" && order !== "MM") throw new RangeError("not a TIFF structure");
  const read = (width: 1 | 2 | 4 | 8, offset: number): number => {
    if (width === 8) return Number(order === "II" ? data.readBigUInt64LE(offset) : data.readBigUInt64BE(offset));
    return order === "II" ? data.readUIntLE(offset, width) : data.readUIntBE(offset, width);
  };
  const [word, head, row] = read(2, 2) === 43 ? ([8, 8, 20] as const) : ([4, 2, 12] as const);
  return { order, read, first: read(word, word), word, head, row };
}
