import type { Bytes } from "./bytes";

/** Bytes of a whole number in a directory, by its type. Decoders take the signed ones as well. */
const widths: Record<number, number> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8 };

/** An entry of a directory. */
interface Entry {
  tag: number;
  /** Where it begins. */
  from: number;
  /** Its value, where that is one whole number. */
  value: number | undefined;
}

/**
 * The structure of a TIFF or BigTIFF, which EXIF data has too, from there on: its byte order, where its first directory
 * is, and how many bytes an offset, the number of a directory's entries and each of these take.
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
 * https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
 */
export function layoutOf(file: Bytes, base = 0) {
  const order = file.text(base, 2);
  if (order !== "II" && order !== "MM") throw new RangeError("not a TIFF structure");
  const isLittleEndian = order === "II";
  const number = (at: number, width: number) => file.uint(base + at, width, isLittleEndian);
  const [word, head, row] = number(2, 2) === 43 ? [8, 8, 20] : [4, 2, 12];
  return { isLittleEndian, number, first: number(word, word), word, head, row };
}

/** The entries of the first directory. */
export function* entriesOf(file: Bytes, base = 0): Generator<Entry> {
  const { number, first, word, head, row } = layoutOf(file, base);
  const count = number(first, head);
  for (let i = 0; i < count; i++) {
    const from = first + head + row * i;
    const width = widths[number(from + 2, 2)];
    const field = from + 4 + word;
    const at = () => (width !== undefined && width > word ? number(field, word) : field);
    const isSingle = width !== undefined && number(from + 4, word) === 1;
    yield { tag: number(from, 2), from, value: isSingle ? number(at(), width) : undefined };
  }
}

/** Returns the values of the first directory that are one whole number each, by their tag. */
export function directoryOf(file: Bytes, base = 0): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const { tag, value } of entriesOf(file, base))
    if (value !== undefined && !numbers.has(tag)) numbers.set(tag, value);
  return numbers;
}

export const ORIENTATION = 274;
/** The mark that some formats put before EXIF data, and others only at times. */
const MARK = "Exif\0\0";

export const isMarked = (file: Bytes, at: number): boolean => file.text(at, MARK.length) === MARK;

/** The orientation of EXIF data, 1 to 8. Decoders pass over data that they cannot read. */
export function orientationOf(file: Bytes, at: number): number | undefined {
  try {
    return directoryOf(file, isMarked(file, at) ? at + MARK.length : at).get(ORIENTATION);
  } catch {
    return undefined;
  }
}

/** The sides of a picture as it is shown. */
export function turned<T extends { width: number; height: number }>(stored: T, orientation = 1): T {
  const isTurned = orientation >= 5 && orientation <= 8;
  return isTurned ? { ...stored, width: stored.height, height: stored.width } : stored;
}
