import { ascii, u16, u32, u8 } from "./bytes";

export function box(kind: string, ...content: Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([u32(length), ascii(kind), ...content]);
}
/** A box with version and flags. */
export const full = (kind: string, version: number, ...content: Buffer[]): Buffer =>
  box(kind, u32(version << 24), ...content);

export interface Item {
  /** `av01`, `grid`, … */
  type: string;
  data: Buffer;
  /** Numbers of its properties, from 1. */
  properties: number[];
  /** Numbers of the items that it is made of, from 1. */
  from?: number[];
}

export const size = (width: number, height: number): Buffer => full("ispe", 0, u32(width, height));

/** A file of items, of which the first is shown. */
export function avif(items: Item[], properties: Buffer[], more: Buffer[] = []): Buffer {
  const type = box("ftyp", ascii("avif"), u32(0), ascii("avifmif1miaf"));
  const derived = items.flatMap(({ from }, i) => (from ? [box("dimg", u16(i + 1, from.length, ...from))] : []));
  const meta = (dataStart: number) => {
    let offset = dataStart;
    const places = items.map(({ data }, i) => {
      const place = Buffer.concat([u16(i + 1, 0, 1), u32(offset, data.length)]);
      offset += data.length;
      return place;
    });
    return full(
      "meta",
      0,
      full("hdlr", 0, u32(0), ascii("pict"), Buffer.alloc(13)),
      full("pitm", 0, u16(1)),
      full("iloc", 0, u8(0x44, 0x00), u16(items.length), ...places),
      full(
        "iinf",
        0,
        u16(items.length),
        ...items.map((item, i) => full("infe", 2, u16(i + 1, 0), ascii(`${item.type}\0`))),
      ),
      ...(derived.length > 0 ? [full("iref", 0, ...derived)] : []),
      box(
        "iprp",
        box("ipco", ...properties),
        full(
          "ipma",
          0,
          u32(items.length),
          ...items.map((item, i) => Buffer.concat([u16(i + 1), u8(item.properties.length, ...item.properties)])),
        ),
      ),
      ...more,
    );
  };
  const start = type.length + meta(0).length + 8;
  return Buffer.concat([type, meta(start), box("mdat", ...items.map(({ data }) => data))]);
}

/** A grid of tiles, `columns` by `rows`. */
export const grid = (columns: number, rows: number, width: number, height: number): Buffer =>
  Buffer.concat([u8(0, 1, rows - 1, columns - 1), u32(width, height)]);

/** The AV1 data of a file that sharp made, and its configuration. */
export function coded(file: Buffer): { data: Buffer; configuration: Buffer } {
  const at = file.indexOf("av1C") - 4;
  return {
    data: file.subarray(file.indexOf("mdat") + 4),
    configuration: file.subarray(at, at + file.readUInt32BE(at)),
  };
}
