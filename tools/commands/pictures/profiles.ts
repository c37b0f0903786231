import { ascii, u16, u32 } from "../hostile/corpus/bytes";
import { profile } from "../hostile/corpus/icc";
import type { Colour } from "./scene";

type Row = [number, number, number];
type Matrix = [Row, Row, Row];

/** From linear Adobe RGB (1998) to XYZ under D50, as profiles have it (annex C). Columns are red, green and blue. */
const adobe: Matrix = [
  [0.60974, 0.20528, 0.14919],
  [0.31111, 0.62567, 0.06322],
  [0.01947, 0.06087, 0.74457],
];
/** From linear sRGB to linear Adobe RGB. */
const srgbToAdobe: Matrix = [
  [0.71513, 0.28487, 0],
  [0, 1, 0],
  [0, 0.04117, 0.95883],
];
const ADOBE_GAMMA = 563 / 256;

const fixed = (value: number) => Math.round(value * 65_536) >>> 0;
const xyz = (matrix: Matrix, column: 0 | 1 | 2) =>
  Buffer.concat([ascii("XYZ "), u32(0, ...matrix.map((row) => fixed(row[column])))]);
const gamma = Buffer.concat([ascii("curv"), u32(0, 1), u16(Math.round(ADOBE_GAMMA * 256), 0)]);

/** A profile of Adobe RGB. `hidden` is a text in it. */
export const adobeProfile = (hidden: string): Buffer =>
  profile([
    ["rXYZ", xyz(adobe, 0)],
    ["gXYZ", xyz(adobe, 1)],
    ["bXYZ", xyz(adobe, 2)],
    ["rTRC", gamma],
    ["gTRC", gamma],
    ["bTRC", gamma],
    ["wtpt", Buffer.concat([ascii("XYZ "), u32(0, fixed(0.9642), fixed(1), fixed(0.8249))])],
    ["cprt", Buffer.concat([ascii("text"), u32(0), ascii(hidden.padEnd(32, "\0"))])],
  ]);

/** The numbers by which Adobe RGB shows a colour of sRGB. */
export function toAdobe([red, green, blue]: Colour): Colour {
  const linear = [red, green, blue].map((value) => {
    const x = value / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const stored = ([r, g, b]: Row) => {
    const x = r * (linear[0] ?? 0) + g * (linear[1] ?? 0) + b * (linear[2] ?? 0);
    return Math.round(255 * Math.min(1, x) ** (1 / ADOBE_GAMMA));
  };
  const [first, second, third] = srgbToAdobe;
  return [stored(first), stored(second), stored(third)];
}
