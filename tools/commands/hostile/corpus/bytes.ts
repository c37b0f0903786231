/** How binary files are put together. */

/** Big-endian numbers of 1, 2 and 4 bytes. */
export const u8 = (...values: number[]): Buffer => Buffer.from(values);
export const u16 = (...values: number[]): Buffer => numbers(values, 2);
export const u32 = (...values: number[]): Buffer => numbers(values, 4);

function numbers(values: number[], width: number): Buffer {
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, i) => bytes.writeUIntBE(value, i * width, width));
  return bytes;
}

export const ascii = (text: string): Buffer => Buffer.from(text, "latin1");

/** The same bytes many times. */
export const times = (count: number, bytes: Buffer): Buffer => Buffer.alloc(count * bytes.length, bytes);

/** Numbers from 0 up to 1 that are the same in each run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes numbers bit by bit, the least significant first (VP8L). */
export class Bits {
  private readonly bits: number[] = [];

  put(value: number, width: number): this {
    for (let i = 0; i < width; i++) this.bits.push((value >>> i) & 1);
    return this;
  }

  toBuffer(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, i) => bytes.writeUInt8(bytes.readUInt8(i >> 3) | (bit << (i % 8)), i >> 3));
    return bytes;
  }
}
