import { ascii, times, u8 } from "./bytes";

const le = (value: number) => u8(value & 255, value >> 8);
export const screen = (width: number, height: number) =>
  Buffer.concat([ascii("GIF89a"), le(width), le(height), u8(0x80, 0, 0), Buffer.alloc(6)]);
/** One pixel, or data that ends at once. */
export const frame = (width: number, height: number, left = 0) =>
  Buffer.concat([u8(0x2c), le(left), le(0), le(width), le(height), u8(0, 2, 2, 0x44, 0x01, 0)]);
export const END = u8(0x3b);

/** An animation of as many frames of one size. */
export const gifAnimation = (count: number, canvas: number, side: number): Buffer =>
  Buffer.concat([screen(canvas, canvas), times(count, frame(side, side)), END]);
