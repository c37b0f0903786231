import { ascii, Bits, times, u8 } from "./bytes";

function le(width: number, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, i) => bytes.writeUIntLE(value, i * width, width));
  return bytes;
}

export function chunk(kind: string, content: Buffer): Buffer {
  return Buffer.concat([ascii(kind), le(4, content.length), content, Buffer.alloc(content.length % 2)]);
}

export function riff(...chunks: Buffer[]): Buffer {
  const content = Buffer.concat(chunks);
  return Buffer.concat([ascii("RIFF"), le(4, content.length + 4), ascii("WEBP"), content]);
}

export const ANIMATION = 0x02;
export const ALPHA = 0x10;
export const EXIF = 0x08;
export const XMP = 0x04;
export const ICC = 0x20;

export function extended(flags: number, width: number, height: number): Buffer {
  return chunk("VP8X", Buffer.concat([u8(flags, 0, 0, 0), le(3, width - 1, height - 1)]));
}

/** A lossless bitstream of one colour: every code has a single symbol, and takes no bits. */
export function lossless(width: number, height: number): Buffer {
  const bits = new Bits()
    .put(0x2f, 8)
    .put(width - 1, 14)
    .put(height - 1, 14)
    .put(0, 4);
  bits.put(0, 1).put(0, 1).put(0, 1); // no transform, no colour cache, no meta codes
  for (let code = 0; code < 5; code++) bits.put(1, 1).put(0, 1).put(0, 1).put(0, 1);
  return chunk("VP8L", bits.toBuffer());
}

/** A lossless bitstream all of whose pixels are spelled out: four codes of two symbols, and a bit for each. */
export function spelledOut(width: number, height: number): Buffer {
  const bits = new Bits()
    .put(0x2f, 8)
    .put(width - 1, 14)
    .put(height - 1, 14)
    .put(0, 7);
  for (let code = 0; code < 4; code++) bits.put(1, 1).put(1, 1).put(1, 1).put(3, 8).put(200, 8);
  bits.put(1, 1).put(0, 1).put(0, 1).put(0, 1);
  return chunk("VP8L", Buffer.concat([bits.toBuffer(), times(Math.ceil((width * height) / 2), u8(0x5a))]));
}

/**
 * A lossless bitstream of one colour whose Huffman codes come in many sets, each for some pixels; with `plane` that of a
 * plane of transparency.
 */
export function manySets(width: number, height: number, count: number, plane = false): Buffer {
  const bits = new Bits();
  const blocks = (size: number) => Math.ceil(width / 2 ** size) * Math.ceil(height / 2 ** size);
  let size = 2;
  while (size < 9 && blocks(size + 1) >= count) size++;
  if (!plane)
    bits
      .put(0x2f, 8)
      .put(width - 1, 14)
      .put(height - 1, 14)
      .put(0, 4);
  bits
    .put(0, 1)
    .put(0, 1)
    .put(1, 1)
    .put(size - 2, 3); // no transform, no colours kept, sets of codes for blocks
  bits.put(0, 1); // where each is used: no colours kept
  fatCodes(bits);
  const turned = Array.from({ length: 256 }, (_, i) =>
    parseInt(i.toString(2).padStart(8, "0").split("").reverse().join(""), 2),
  );
  for (let i = 0; i < blocks(size); i++)
    bits.put(turned[(i % count) & 255] ?? 0, 8).put(turned[(i % count) >> 8] ?? 0, 8);
  for (let code = 0; code < 5 * count; code++) noCode(bits);
  return plane ? chunk("ALPH", Buffer.concat([u8(1), bits.toBuffer()])) : chunk("VP8L", bits.toBuffer());
}

const noCode = (bits: Bits) => bits.put(1, 1).put(0, 1).put(0, 1).put(0, 1);

/** Codes of eight bits for green and red, and none for the rest. */
function fatCodes(bits: Bits): void {
  for (const rest of [24, 0]) {
    // Two codes of lengths: of 8, and of 0 for what is left. They come twelfth and third.
    bits.put(0, 1).put(8, 4);
    for (let i = 0; i < 12; i++) bits.put(i === 2 || i === 11 ? 1 : 0, 3);
    bits.put(0, 1);
    for (let i = 0; i < 256 + rest; i++) bits.put(i < 256 ? 1 : 0, 1);
  }
  for (let code = 0; code < 3; code++) noCode(bits);
}

/** A lossless bitstream whose pixels are predicted again and again, each time by another small picture. */
export function predicted(count: number): Buffer {
  const bits = new Bits().put(0x2f, 8).put(3, 14).put(3, 14).put(0, 4);
  for (let i = 0; i < count; i++) {
    bits.put(1, 1).put(0, 2).put(0, 3).put(0, 1); // blocks of 4 by 4, no colours kept
    fatCodes(bits);
    bits.put(0, 16);
  }
  return chunk("VP8L", Buffer.concat([bits.toBuffer(), Buffer.alloc(100)]));
}

const frame = (width: number, height: number, picture: Buffer) =>
  chunk("ANMF", Buffer.concat([le(3, 0, 0, width - 1, height - 1, 10), u8(0), picture]));

/** An animation of as many frames of one size. */
export function animation(count: number, canvas: number, side: number, picture = lossless(side, side)): Buffer {
  const head = [extended(ANIMATION, canvas, canvas), chunk("ANIM", Buffer.alloc(6))];
  return riff(...head, times(count, frame(side, side, picture)));
}
