/**
 * The parts of which image files are made. All walks throw a RangeError where a part's header lies beyond the file's end.
 * Those of a file that is only partly at hand end where its pixels begin.
 */

/** A file, as far as walks need it: a Buffer, or a file of which only parts are at hand (partialFile.ts). */
export interface Bytes extends Pick<
  Buffer,
  | "length"
  | "readUInt8"
  | "readUInt16BE"
  | "readUInt16LE"
  | "readUInt32BE"
  | "readUInt32LE"
  | "readUIntBE"
  | "readUIntLE"
  | "readBigUInt64BE"
  | "readBigUInt64LE"
> {
  readonly isPartial?: true;
  subarray(from?: number, to?: number): Buffer;
}

/** A part: its kind, and where its content begins and ends. The end may lie beyond the file's. */
export interface Part {
  /** Of a JPEG's segment the marker's second byte, else four characters as `kindOf` packs them. */
  kind: number;
  start: number;
  end: number;
}

/** A file with more parts than this is refused: no camera or editor makes a tenth of it. */
export const MOST_PARTS = 20_000;

/** Parts up to one more than are allowed. */
export function firstParts(parts: Iterable<Part>): Part[] {
  const list: Part[] = [];
  for (const part of parts) {
    list.push(part);
    if (list.length > MOST_PARTS) break;
  }
  return list;
}

/** A kind of four characters as the number that is stored. Numbers, because a hostile file can have a million parts. */
export const kindOf = (characters: string): number => Buffer.from(characters, "latin1").readUInt32BE();

/** Markers of JPEG: the end of the image, a scan, a progressive frame, application data. */
const EOI = 0xd9;
export const SOS = 0xda;
export const PROGRESSIVE = 0xc2;
export const APP1 = 0xe1;

/**
 * A JPEG's segments up to the end of its image, the last part. As decoders do, it passes over other bytes between
 * segments; a scan's entropy-coded data are such bytes.
 */
export function* jpegSegments(file: Bytes): Generator<Part> {
  let kind: number | undefined;
  for (let offset = 2; kind !== EOI;) {
    const kindAt = nextMarker(file, offset);
    kind = file.readUInt8(kindAt);
    const start = kindAt + 1;
    const end = kind === EOI ? start : start + Math.max(2, file.readUInt16BE(start));
    yield { kind, start: Math.min(start + 2, end), end };
    if (file.isPartial && kind === SOS) return;
    offset = end;
  }
}

/** So many bytes are looked through at once of a file that is only partly at hand: no more are asked for. */
const WINDOW = 1_024;

/** Where the next marker's second byte is: not a stuffed zero, a restart or another marker without content. */
function nextMarker(file: Bytes, from: number): number {
  const window = file.isPartial ? WINDOW : file.length;
  for (let offset = from; offset + 1 < file.length; offset += window) {
    const bytes = file.subarray(offset, offset + window + 1);
    // Names of the module would be slow in here: Pulumi serialises them into a `with`.
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length;) {
      const kind = bytes[i + 1] ?? 0;
      if (kind > 0x01 && kind < 0xff && (kind < 0xd0 || kind > 0xd8)) return offset + i + 1;
      // Step by step at first: a call of `indexOf`, which is far faster, costs as much as many steps.
      const far = i + 16;
      do i++;
      while (i < far && i < bytes.length && bytes[i] !== 0xff);
      if (bytes[i] !== 0xff) i = bytes.indexOf(0xff, i);
    }
  }
  throw new RangeError("the file ends without another marker");
}

/** A PNG's chunks up to the last (`IEND`). */
export function* pngChunks(file: Bytes): Generator<Part> {
  const last = kindOf(file.isPartial ? "IDAT" : "IEND");
  let kind: number | undefined;
  for (let offset = 8; kind !== last;) {
    const end = offset + 8 + file.readUInt32BE(offset);
    kind = file.readUInt32BE(offset + 4);
    yield { kind, start: offset + 8, end };
    offset = end + 4; // a checksum
  }
}

/** A WebP's chunks. */
export function* webpChunks(file: Bytes): Generator<Part> {
  const pixels = ["VP8 ", "VP8L", "ANMF"].map(kindOf);
  for (let offset = 12; offset < file.length;) {
    const length = file.readUInt32LE(offset + 4);
    const kind = file.readUInt32BE(offset);
    yield { kind, start: offset + 8, end: offset + 8 + length };
    if (file.isPartial && pixels.includes(kind)) return;
    offset += 8 + length + (length % 2);
  }
}

/** The boxes of an ISO base media file between two offsets, up to bytes that are not a box. */
export function* mediaBoxes(file: Bytes, from: number, to: number): Generator<Part> {
  for (let offset = from; offset < to;) {
    const size = file.readUInt32BE(offset);
    const wide = size === 1;
    const length = wide ? Number(file.readBigUInt64BE(offset + 8)) : size === 0 ? to - offset : size;
    if (length < 8) return;
    const kind = file.readUInt32BE(offset + 4);
    yield { kind, start: offset + (wide ? 16 : 8), end: offset + length };
    offset += length;
  }
}
