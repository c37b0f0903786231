import { jpegSegments, PROGRESSIVE, SOS } from "./parts";

/** Fewer zeros than these may be pixels by chance. */
const MANY = 64;
/** Marker of Huffman tables. */
const TABLES = 0xc4;

/**
 * Where the zeros before a JPEG's end mark begin and end that stand for nothing: some cameras pad with them, and a copy that
 * broke off may have them in place of its rest. Zeros are pixels where the first codes of all tables mean a block like the
 * one before it, as those of a blank page do that were made for it; with others a block is more than zeros. In a
 * progressive JPEG they may stand for anything.
 */
export function zerosAtEnd(file: Buffer, from: number): [start: number, end: number] | undefined {
  // Most have none, and their markers are not walked again.
  if (!file.includes(Buffer.alloc(MANY), from)) return undefined;
  /** The first symbol of each table, by class and number. */
  const symbols = new Map<number, number>();
  let mayBePixels = true;
  let fileEnd = 0;
  for (const { kind, start, end } of jpegSegments(file)) {
    if (kind === PROGRESSIVE) return undefined;
    if (kind === TABLES) readTables(file.subarray(start, end), symbols);
    if (kind === SOS) mayBePixels = tablesOf(file.subarray(start, end)).every((table) => symbols.get(table) === 0);
    fileEnd = end;
  }
  const end = fileEnd - 2;
  let start = end;
  while (file[start - 1] === 0) start--;
  return mayBePixels || end - start < MANY ? undefined : [start, end];
}

/** Each table is its class and number, sixteen counts of codes by their length, and their symbols. */
function readTables(content: Buffer, symbols: Map<number, number>): void {
  for (let at = 0; at + 17 < content.length;) {
    symbols.set(content.readUInt8(at), content.readUInt8(at + 17));
    at += content.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 17);
  }
}

/** Those that a scan uses: of each component one for the difference from the block before, and one for the rest. */
function tablesOf(scan: Buffer): number[] {
  const numbers = Array.from({ length: scan.readUInt8(0) }, (_, i) => scan.readUInt8(2 + 2 * i));
  return numbers.flatMap((number) => [number >> 4, 0x10 | (number & 15)]);
}
