import { crc32, deflateSync } from "node:zlib";
import { ascii, Bits, times, u32, u8 } from "./bytes";

const SIGNATURE = u8(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const END = chunk("IEND");

export function chunk(kind: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const checked = Buffer.concat([ascii(kind), content]);
  return Buffer.concat([u32(content.length), checked, u32(crc32(checked))]);
}

export interface PngShape {
  width: number;
  height: number;
  depth?: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  colour?: number;
  interlaced?: boolean;
  /** Between the header and the pixels. */
  before?: Buffer;
  /** The content of the IDAT; default: black. */
  data?: Buffer;
  /** Behind the pixels. */
  after?: Buffer;
}

export function png({ width, height, depth = 8, colour = 2, interlaced = false, ...parts }: PngShape): Buffer {
  const header = Buffer.concat([u32(width, height), u8(depth, colour, 0, 0, interlaced ? 1 : 0)]);
  const data = parts.data ?? black(width, height, depth * (samples[colour] ?? 1), interlaced);
  const { before = Buffer.alloc(0), after = Buffer.alloc(0) } = parts;
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), before, chunk("IDAT", data), after, END]);
}

const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Zeros for every row, of which each has a byte for its filter. */
function black(width: number, height: number, bits: number, interlaced: boolean): Buffer {
  const rows = (w: number, h: number) => (w === 0 ? 0 : h * (1 + Math.ceil((w * bits) / 8)));
  const adam7 = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  const passes = adam7.map(([x = 0, y = 0, dx = 1, dy = 1]) =>
    rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
  );
  return deflatedZeros(interlaced ? passes.reduce((sum, bytes) => sum + bytes, 0) : rows(width, height));
}

/** Any number of zeros, compressed: a thousandth of it. */
export function deflatedZeros(length: number): Buffer {
  return deflateSync(Buffer.alloc(length), { level: 9 });
}

export const manyChunks = (count: number, kind: string, content: Buffer): Buffer => times(count, chunk(kind, content));

/** As many bytes of blocks that bring codes of their own, and nothing else: four take 45 bytes. */
export const emptyBlocks = (bytes: number) => {
  const blocks = new Bits();
  for (let i = 0; i < 4; i++) {
    blocks.put(0, 1).put(2, 2).put(0, 10).put(14, 4); // of 257 symbols and one distance
    for (const length of [0, 0, 1, ...Array<number>(14).fill(0), 1]) blocks.put(length, 3); // codes for many zeros, and for a one
    blocks.put(1, 1).put(127, 7).put(1, 1).put(107, 7).put(0, 2); // one symbol, the end of a block, and one distance
    blocks.put(0, 1);
  }
  return times(Math.ceil(bytes / 45), blocks.toBuffer());
};
