import { expect } from "chai";
import sharp from "sharp";
import { readerOfAll } from "../../../../handlers/image/bytes";
import { directoryOf } from "../../../../handlers/image/exif";
import { tiff as format } from "../../../../handlers/image/formats/tiff";

const PIXELS = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 99, 200]);
const SOFTWARE = 305;

/** A picture of 2 by 2 pixels in one strip, with these entries of numbers besides. */
function tiff(order: "II" | "MM", big: boolean, ...more: [tag: number, value: number][]): Buffer {
  const word = big ? 8 : 4;
  const number = (width: number, value: number) => {
    const bytes = Buffer.alloc(width);
    if (order === "II") bytes.writeUIntLE(value, 0, Math.min(width, 6));
    else bytes.writeUIntBE(value, Math.max(0, width - 6), Math.min(width, 6));
    return bytes;
  };
  const head = [Buffer.from(order), number(2, big ? 43 : 42), ...(big ? [number(2, 8), number(2, 0)] : [])];
  const start = big ? 16 : 8;
  const bits = start + PIXELS.length;
  const entries: [tag: number, value: number, type?: number, count?: number][] = [
    ...more,
    [256, 2],
    [257, 2],
    big ? [258, 0, 3, 3] : [258, bits, 3, 3],
    [259, 1],
    [262, 2],
    [273, start],
    [277, 3],
    [278, 2],
    [279, PIXELS.length],
  ];
  const place = bits + 6;
  const shorts = Buffer.concat([8, 8, 8].map((value) => number(2, value)));
  const rows = entries.map(([tag, value, type = 4, count = 1]) => {
    const field = tag === 258 && big ? shorts : number(4, value);
    return Buffer.concat([
      number(2, tag),
      number(2, type),
      number(word, count),
      field,
      Buffer.alloc(word - Math.min(word, field.length)),
    ]);
  });
  const table = [number(big ? 8 : 2, rows.length), ...rows, number(word, 0)];
  return Buffer.concat([...head, number(word, place), PIXELS, shorts, ...table]);
}

const tidy = (file: Buffer) => format.tidy!(file);
const decoded = (file: Buffer) => sharp(file, { failOn: "warning" }).raw().toBuffer();

describe("a TIFF is tidied, which", () => {
  for (const order of ["II", "MM"] as const)
    for (const big of [false, true]) {
      const kind = `${order}, ${big ? "BigTIFF" : "TIFF"}`;

      it(`leaves a tidy file as it is: ${kind}`, async () => {
        const file = tiff(order, big);
        expect(tidy(file)).to.equal(file);
        expect(await decoded(file)).to.deep.equal(PIXELS);
      });

      it(`leaves out what pixels do not need, and sorts the rest: ${kind}`, async () => {
        const file = tiff(order, big, [SOFTWARE, 0], [60_000, 7]);
        const tidied = tidy(file);
        expect(tidied).to.not.equal(file);
        expect(await decoded(tidied)).to.deep.equal(PIXELS);
        // Behind 258, which has a number for each sample.
        const tags = [256, 257, 259, 262, 273, 277, 278, 279];
        expect([...directoryOf(readerOfAll(tidied)).keys()]).to.deep.equal(tags);
      });
    }

  it("knows where libtiff merely warns of damage: in tiles, faxes and JPEG", () => {
    const hides = (...more: [number, number][]) => format.warnsOfDamage!(tiff("MM", false, ...more));
    expect([hides(), hides([322, 16]), hides([323, 16])]).to.deep.equal([false, true, true]);
  });
});
