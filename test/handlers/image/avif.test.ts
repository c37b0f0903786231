import { expect } from "chai";
import { avifStructure } from "../../../handlers/image/avif";

/** Numbers of so many bytes each, big-endian. */
const numbers = (width: number, ...values: number[]) => {
  const bytes = Buffer.alloc(width * values.length);
  values.forEach((value, i) => bytes.writeUIntBE(value, i * width, width));
  return bytes;
};
const box = (kind: string, ...content: Buffer[]): Buffer => {
  const all = Buffer.concat(content);
  return Buffer.concat([numbers(4, all.length + 8), Buffer.from(kind, "latin1"), all]);
};
const full = (kind: string, version: number, flags: number, ...content: Buffer[]): Buffer =>
  box(kind, numbers(1, version, 0, 0, flags), ...content);

const HUGE = 70_000;
const OTHER = 2;

/** A picture that is put together from another one, named twice, and one that is not there; ids of four bytes. */
const file = Buffer.concat([
  box("ftyp", Buffer.from("avif")),
  full(
    "meta",
    0,
    0,
    box(
      "iprp",
      box("ipco", full("ispe", 0, 0, numbers(4, 64, 48)), box("av1C", numbers(1, 0x81, 0, 0x40, 0))),
      full(
        "ipma",
        1,
        1,
        numbers(4, 2, HUGE),
        numbers(1, 1),
        numbers(2, 0x8001),
        numbers(4, OTHER),
        numbers(1, 3),
        numbers(2, 1, 0x8002, 9),
      ),
    ),
    full(
      "iref",
      1,
      0,
      box("dimg", numbers(4, HUGE), numbers(2, 2), numbers(4, OTHER, OTHER)),
      box("dimg", numbers(4, HUGE), numbers(2, 1), numbers(4, 5)),
    ),
  ),
]);

describe("the structure of an AVIF", () => {
  it("has ids of four bytes and numbers of two, and counts a picture as often as it is named", () => {
    const { pixels, sourceCount, isDeep, hasAlpha, sources } = avifStructure(file);
    expect({ pixels, sourceCount, isDeep, hasAlpha }).to.deep.equal({
      pixels: 2 * 64 * 48,
      sourceCount: 2,
      isDeep: true,
      hasAlpha: false,
    });
    expect([...sources()]).to.deep.equal([]); // their data is not there
  });

  it("has one list of properties", () => {
    expect(() => avifStructure(Buffer.concat([file, full("meta", 0, 0)]))).to.throw(RangeError, "more than one list");
  });
});
