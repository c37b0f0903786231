/** The parts of which image files are made. All walks throw a RangeError where a part's header lies beyond the file's end. */

/** A part: its kind, and where its content begins and ends. The end may lie beyond the file's. */
export interface Part {
  /** Of a JPEG's segment the marker's second byte, else four characters as `kindOf` packs them. */
  kind: number;
  start: number;
  end: number;
}

/** A kind of four characters as the number that is stored. Numbers, because a hostile file can have a million parts. */
export const kindOf = (characters: string): number => Buffer.from(characters, "latin1").readUInt32BE();

/** Markers of JPEG: the first scan, application data. */
export const SOS = 0xda;
export const APP1 = 0xe1;

/** A JPEG's segments up to its first scan, or to bytes that are not a segment. */
export function* jpegSegments(file: Buffer): Generator<Part> {
  let offset = 2;
  for (;;) {
    while (file.readUInt8(offset + 1) === 0xff) offset++; // fill bytes
    if (file.readUInt8(offset) !== 0xff) return;
    const kind = file.readUInt8(offset + 1);
    const end = offset + 2 + file.readUInt16BE(offset + 2);
    yield { kind, start: offset + 4, end };
    if (kind === SOS) return;
    offset = end;
  }
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
