import { ascii, u16, u32 } from "./bytes";

/** A TIFF structure with one directory: tag, type, count, value or offset. */
export function directory(entries: [tag: number, type: number, count: number, value: number][], next = 0): Buffer {
  const rows = entries.map(([tag, type, count, value]) => Buffer.concat([u16(tag, type), u32(count, value)]));
  return Buffer.concat([ascii("MM"), u16(42), u32(8), u16(entries.length), ...rows, u32(next)]);
}

export const orientation = (value: number): Buffer => directory([[274, 3, 1, value * 65_536]]);
/** The same as a number of 32 bits, which few programs read. */
export const longOrientation = (value: number): Buffer => directory([[274, 4, 1, value]]);

/** Many tags, each of a text of its own. */
export const manyTags = (count: number): Buffer =>
  directory(Array.from({ length: count }, (_, i) => [0x100 + (i % 0xfe00), 2, 4, 0x41414100]));

/** Every directory is the first one again. */
export const circle = (): Buffer =>
  directory(
    [
      [0x8769, 4, 1, 8],
      [0x8825, 4, 1, 8],
      [0x014a, 4, 1, 8],
    ],
    8,
  );

/** A directory of pointers to itself, as that of the camera and that of the place by turns. */
export const leadingOn = (count: number): Buffer =>
  directory(Array.from({ length: count }, (_, i) => [i % 2 === 0 ? 0x8769 : 0x8825, 4, 1, 8]));
