import type { Bytes, Part } from "./parts";

/** libheif takes 16 items of 32 extents. */
const MOST_EXTENTS = 1_000;

/**
 * The data of each item, by its id (ISO 14496-12, 8.11.3): where it lies in the file itself or in `idat`. Throws where all
 * together have more bytes than twice the file: extents may be the same ones again and again.
 */
export function itemData(file: Bytes, lists: Part[], idats: Part[]): Map<number, Buffer> {
  const data = new Map<number, Buffer>();
  let extents = 0;
  let bytes = 0;
  for (const { start } of lists) {
    let at = start + 4;
    const next = (width: number): number => {
      at += width;
      if (width === 8) return Number(file.readBigUInt64BE(at - 8));
      return width === 0 ? 0 : file.readUIntBE(at - width, width);
    };
    const version = file.readUInt8(start);
    const sizes = next(2);
    const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [12, 8, 4, 0].map((shift) => (sizes >> shift) & 15) as [
      number,
      number,
      number,
      number,
    ];
    for (let items = next(version < 2 ? 2 : 4); items > 0; items--) {
      const item = next(version < 2 ? 2 : 4);
      const isInside = version > 0 && (next(2) & 15) === 1;
      next(2); // the file that the data is in
      const from = next(baseBytes) + (isInside ? (idats[0]?.start ?? 0) : 0);
      const pieces: Buffer[] = [];
      for (let count = next(2); count > 0; count--) {
        if (version > 0) next(indexBytes);
        const offset = from + next(offsetBytes);
        const piece = file.subarray(offset, offset + next(lengthBytes));
        bytes += piece.length;
        if (++extents > MOST_EXTENTS || bytes > 2 * file.length)
          throw new RangeError("data that is read again and again");
        pieces.push(piece);
      }
      const [piece = Buffer.alloc(0)] = pieces;
      data.set(item, pieces.length > 1 ? Buffer.concat(pieces) : piece);
    }
  }
  return data;
}

/** Kinds of unit that begin a frame: its header, alone or with its tiles. */
const FRAMES = [3, 6];

/**
 * How many units AV1 data has, or more than `most`, and how many frames among them: all are decoded, and the last is shown.
 * https://aomediacodec.github.io/av1-spec/#obu-syntax
 */
export function codedFrames(data: Buffer, most: number): { units: number; frames: number } {
  let [units, frames] = [0, 0];
  for (let at = 0; at < data.length && units <= most;) {
    const header = data.readUInt8(at);
    units++;
    if (FRAMES.includes((header >> 3) & 15)) frames++;
    at += header & 4 ? 2 : 1;
    if (!(header & 2)) break; // the rest of the data
    let length = 0;
    for (let scale = 1; at < data.length; scale *= 128) {
      const byte = data.readUInt8(at++);
      length += (byte & 127) * scale;
      if (byte < 128) break;
    }
    at += length;
  }
  return { units, frames };
}

/** A file of one picture: its data, and its numbers in a list of properties. */
export function pictureFile(data: Buffer, properties: Buffer, numbers: number[]): Buffer {
  const number = (width: number, ...values: number[]) => {
    const bytes = Buffer.alloc(width * values.length);
    values.forEach((value, i) => bytes.writeUIntBE(value, i * width, width));
    return bytes;
  };
  const box = (kind: string, ...content: Buffer[]) => {
    const all = Buffer.concat(content);
    return Buffer.concat([number(4, all.length + 8), Buffer.from(kind, "latin1"), all]);
  };
  const full = (kind: string, version: number, flags: number, ...content: Buffer[]) =>
    box(kind, number(4, version * 2 ** 24 + flags), ...content);
  const type = box("ftyp", Buffer.from("avif\0\0\0\0avifmif1miaf", "latin1"));
  const meta = (offset: number) =>
    full(
      "meta",
      0,
      0,
      full("hdlr", 0, 0, number(4, 0), Buffer.from("pict", "latin1"), Buffer.alloc(13)),
      full("pitm", 0, 0, number(2, 1)),
      full("iloc", 0, 0, number(2, 0x4400, 1, 1, 0, 1), number(4, offset, data.length)),
      full("iinf", 0, 0, number(2, 1), full("infe", 2, 0, number(2, 1, 0), Buffer.from("av01\0", "latin1"))),
      box(
        "iprp",
        box("ipco", properties),
        full("ipma", 0, 1, number(4, 1), number(2, 1), number(1, numbers.length), number(2, ...numbers)),
      ),
    );
  return Buffer.concat([type, meta(type.length + meta(0).length + 8), box("mdat", data)]);
}
