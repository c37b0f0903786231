import { ascii, times, u16, u32 } from "./bytes";

/** An RGB profile of these tags. */
export function profile(tags: [name: string, content: Buffer][]): Buffer {
  let offset = 132 + 12 * tags.length;
  const table = tags.map(([name, content]) => {
    const entry = Buffer.concat([ascii(name), u32(offset, content.length)]);
    offset += content.length;
    return entry;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(offset, 0);
  head.write("lcms", 4);
  head.writeUInt32BE(0x04400000, 8);
  head.write("mntrRGB XYZ ", 12);
  head.write("acsp", 36);
  return Buffer.concat([head, u32(tags.length), ...table, ...tags.map(([, content]) => content)]);
}

const float = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes;
};

/** A pipeline of floating-point matrices, one after the other (`multiProcessElementsType`). */
export function pipeline(steps: number): Buffer {
  const one = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0].map(float);
  const matrix = Buffer.concat([ascii("matf"), u32(0), u16(3, 3), ...one]);
  const first = 16 + 8 * steps;
  const positions = Array.from({ length: steps }, (_, i) => u32(first + i * matrix.length, matrix.length));
  return Buffer.concat([ascii("mpet"), u32(0), u16(3, 3), u32(steps), ...positions, times(steps, matrix)]);
}

/** A table of 16 bits for each colour of a grid (`lut16Type`). */
export function table(grid: number): Buffer {
  const head = Buffer.concat([ascii("mft2"), u32(0), Buffer.of(3, 3, grid, 0)]);
  const unit = [65_536, 0, 0, 0, 65_536, 0, 0, 0, 65_536];
  return Buffer.concat([head, u32(...unit), u16(4096, 4096), Buffer.alloc(3 * 4096 * 2 * 2 + grid ** 3 * 6, 0x55)]);
}
