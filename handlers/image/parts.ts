/** The parts of which image files are made. All walks throw a RangeError where a part's header lies beyond the file's end. */

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

/** Markers of JPEG: the end of the image, a scan, application data. */
const EOI = 0xd9;
export const SOS = 0xda;
export const APP1 = 0xe1;

/**
 * A JPEG's segments up to the end of its image, the last part. As decoders do, it passes over other bytes between
 * segments; a scan's entropy-coded data are such bytes.
 */
export function* jpegSegments(file: Buffer): Generator<Part> {
  let kind: number | undefined;
  for (let offset = 2; kind !== EOI;) {
    const kindAt = nextMarker(file, offset);
    kind = file.readUInt8(kindAt);
    const start = kindAt + 1;
    const end = kind === EOI ? start : start + Math.max(2, file.readUInt16BE(start));
    yield { kind, start: Math.min(start + 2, end), end };
    offset = end;
  }
}

/** Where the next marker's second byte is: not a stuffed zero, a restart or another marker without content. */
function nextMarker(file: Buffer, from: number): number {
  for (let offset = from; offset + 1 < file.length; offset++) {
    if (file[offset] !== 0xff) continue;
    const kind = file[offset + 1] ?? 0;
    if (kind > 0x01 && kind < 0xff && (kind < 0xd0 || kind > 0xd8)) return offset + 1;
  }
  throw new RangeError("the file ends without another marker");
}

/** A PNG's chunks up to the last (`IEND`). */
export function* pngChunks(file: Buffer): Generator<Part> {
  const last = kindOf("IEND");
  let kind: number | undefined;
  for (let offset = 8; kind !== last;) {
    const end = offset + 8 + file.readUInt32BE(offset);
    kind = file.readUInt32BE(offset + 4);
    yield { kind, start: offset + 8, end };
    offset = end + 4; // a checksum
  }
}

/** A WebP's chunks. */
export function* webpChunks(file: Buffer): Generator<Part> {
  for (let offset = 12; offset < file.length;) {
    const length = file.readUInt32LE(offset + 4);
    yield { kind: file.readUInt32BE(offset), start: offset + 8, end: offset + 8 + length };
    offset += 8 + length + (length % 2);
  }
}

/** The boxes of an ISO base media file between two offsets, up to bytes that are not a box. */
export function* mediaBoxes(file: Buffer, from: number, to: number): Generator<Part> {
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

/** The frames of a GIF, up to its trailer, or to junk that decoders pass over. */
export function* gifFrames(file: Buffer): Generator<{ left: number; top: number; width: number; height: number }> {
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
      offset = afterSubBlocks(offset + 11 + colours(file.readUInt8(offset + 9)));
      yield { left, top, width, height };
    } else return;
  }
}
