import type { Bytes } from "./parts";

/** A number in a TIFF directory, by its type: how many bytes it takes. */
const widths: Record<number, 1 | 2 | 4 | 8> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/**
 * The single numbers of the first directory of a TIFF structure, by their tag. EXIF data is such a structure too. Throws
 * where the data is something else or breaks off.
 * https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf, BigTIFF: https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
 */
export function firstDirectory(data: Bytes): Map<number, number> {
  const { big, read, first } = layoutOf(data);
  const entries = big ? read(8, first) : read(2, first);
  const numbers = new Map<number, number>();
  for (let i = 0; i < entries; i++) {
    const entry = first + (big ? 8 + 20 * i : 2 + 12 * i);
    const tag = read(2, entry);
    const width = widths[read(2, entry + 2)];
    const count = big ? read(8, entry + 4) : read(4, entry + 4);
    if (width !== undefined && count === 1 && !numbers.has(tag)) numbers.set(tag, read(width, entry + (big ? 12 : 8)));
  }
  return numbers;
}

/**
 * How many entries all directories have, or more than `most`: directories that lead in a circle never end. Of a file that
 * is only partly at hand those of the first directory.
 */
export function countEntries(data: Bytes, most: number): number {
  const { big, read, first } = layoutOf(data);
  let count = 0;
  for (let start = first; start !== 0 && count <= most;) {
    const entries = big ? read(8, start) : read(2, start);
    count += Math.max(1, entries);
    if (data.isPartial) break;
    const next = start + (big ? 8 + 20 * entries : 2 + 12 * entries);
    if (count <= most) start = big ? read(8, next) : read(4, next);
  }
  return count;
}

function layoutOf(data: Bytes) {
  const order = data.subarray(0, 2).toString("latin1");
  if (order !== "II" && order !== "MM") throw new RangeError("not a TIFF structure");
  const read = (width: 1 | 2 | 4 | 8, offset: number): number => {
    if (width === 8) return Number(order === "II" ? data.readBigUInt64LE(offset) : data.readBigUInt64BE(offset));
    return order === "II" ? data.readUIntLE(offset, width) : data.readUIntBE(offset, width);
  };
  const big = read(2, 2) === 43;
  return { big, read, first: big ? read(8, 8) : read(4, 4) };
}
