import { ascii, times, u16, u8 } from "./bytes";

export const START = u8(0xff, 0xd8);
export const END = u8(0xff, 0xd9);

export function segment(marker: number, content: Buffer): Buffer {
  return Buffer.concat([u8(0xff, marker), u16(content.length + 2), content]);
}

/** Marker of a frame. */
export const BASELINE = 0xc0;
export const PROGRESSIVE = 0xc2;

/** A frame of components that are sampled alike. */
export function frame(marker: number, width: number, height: number, components: number): Buffer {
  const each = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat();
  return segment(marker, Buffer.concat([u8(8), u16(height, width), u8(components, ...each)]));
}

/** The beginning of a scan of components, and of coefficients from `first` to `last`. */
export function scan(components: number[], first: number, last: number, approximation = 0): Buffer {
  const each = components.flatMap((id) => [id, 0]);
  return segment(0xda, u8(components.length, ...each, first, last, approximation));
}

/** A quantisation table of ones, and Huffman tables of one code, `0`: no difference, and the end of `2 ** run` blocks. */
export function tables(run: number): Buffer {
  const codes = u8(1, ...Array<number>(15).fill(0));
  return Buffer.concat([
    segment(0xdb, Buffer.concat([u8(0), times(64, u8(1))])),
    segment(0xc4, Buffer.concat([u8(0x00), codes, u8(0)])),
    segment(0xc4, Buffer.concat([u8(0x10), codes, u8(run << 4)])),
  ]);
}

const blocksOf = (width: number, height: number) => Math.ceil(width / 8) * Math.ceil(height / 8);

/** A grey progressive JPEG of one colour whose blocks are passed over again and again, each scan in a few bytes. */
export function scans(width: number, height: number, count: number, marker = PROGRESSIVE): Buffer {
  const blocks = blocksOf(width, height);
  const coded = endOf(blocks);
  return Buffer.concat([
    START,
    tables(14),
    frame(marker, width, height, 1),
    scan([1], 0, 0),
    Buffer.alloc(Math.ceil(blocks / 8)),
    times(count, Buffer.concat([scan([1], 1, 63), coded])),
    END,
  ]);
}

/** The end of so many blocks: of each 32,767 the code `0` and 14 bits of ones. */
const endOf = (blocks: number): Buffer =>
  packed(Array.from({ length: Math.ceil(blocks / 32_767) }, () => `0${"1".repeat(14)}`).join(""));

/** A progressive JPEG of one colour whose coefficients are refined bit by bit, which finds none to refine. */
export function refined(width: number, height: number, components: number): Buffer {
  const blocks = blocksOf(width, height);
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const coded = endOf(blocks);
  const refine = (id: number) =>
    Array.from({ length: 13 }, (_, i) => Buffer.concat([scan([id], 1, 63, ((13 - i) << 4) | (12 - i)), coded]));
  return Buffer.concat([
    START,
    tables(14),
    frame(PROGRESSIVE, width, height, components),
    scan(ids, 0, 0),
    Buffer.alloc(Math.ceil((blocks * components) / 8)),
    ...ids.flatMap((id) => [scan([id], 1, 63, 13), coded, ...refine(id)]),
    END,
  ]);
}

/** Bits as entropy-coded data, which needs stuffing where a byte is full of ones. */
function packed(bits: string): Buffer {
  const bytes = (bits.padEnd(Math.ceil(bits.length / 8) * 8, "1").match(/.{8}/g) ?? []).map((byte) =>
    parseInt(byte, 2),
  );
  return u8(...bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
}

/** A baseline JPEG of black, where `coded` replaces its entropy-coded data. */
export function baseline(width: number, height: number, components = 1, coded?: Buffer): Buffer {
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const data = coded ?? Buffer.alloc(Math.ceil((blocksOf(width, height) * components) / 4));
  return Buffer.concat([START, tables(0), frame(BASELINE, width, height, components), scan(ids, 0, 63), data, END]);
}

/** The profile in as many segments as it takes. */
export function withProfile(file: Buffer, profile: Buffer): Buffer {
  const size = 65_000;
  const count = Math.ceil(profile.length / size);
  const segments = Array.from({ length: count }, (_, i) =>
    segment(
      0xe2,
      Buffer.concat([
        ascii("ICC_PROFILE\0"),
        u8((i + 1) & 255, count & 255),
        profile.subarray(i * size, (i + 1) * size),
      ]),
    ),
  );
  return behindStart(file, ...segments);
}

export const behindStart = (file: Buffer, ...parts: Buffer[]): Buffer =>
  Buffer.concat([file.subarray(0, 2), ...parts, file.subarray(2)]);

export const withExif = (file: Buffer, exif: Buffer): Buffer =>
  behindStart(file, segment(0xe1, Buffer.concat([ascii("Exif\0\0"), exif])));
