import { expect } from "chai";
import fc from "fast-check";
import sharp from "sharp";
import { targetOf, type Size } from "../../../handlers/image/sizes";
import { specsOf, type RenditionSpec } from "../../../handlers/imageTypes";

type Box = Pick<RenditionSpec, "width" | "height" | "fit" | "enlarge">;

async function sizeBySharp(original: Size, { enlarge, ...box }: Box): Promise<Size> {
  const image = sharp({ create: { ...original, channels: 3, background: "red" } });
  const { info } = await image
    .resize({ ...box, withoutEnlargement: !enlarge })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height };
}

const sizeHere = (original: Size, box: Box): Size => targetOf(original, box as RenditionSpec).size;

describe("targetOf", () => {
  const side = fc.integer({ min: 1, max: 300 });
  const boxes = fc.record<Box>({
    width: side,
    height: side,
    fit: fc.constantFrom("inside", "cover"),
    enlarge: fc.boolean(),
  });
  const sizes = fc.record({ width: side, height: side });
  /** Originals whose other side ends half-way between two pixels: twice a number against an odd one. */
  const halves = fc
    .tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
    )
    .map(([edge, half, factor, enlarge]): [Size, Box] => {
      const [long, short] = [2 * edge, 2 * half + 1];
      const original = { width: long * factor, height: short * factor };
      return [original, { width: edge, height: 300, fit: "inside", enlarge }];
    });

  for (const [original, box] of [
    [
      { width: 292, height: 146 },
      { width: 5, height: 3, fit: "inside" },
    ],
    [
      { width: 248, height: 186 },
      { width: 118, height: 90, fit: "inside" },
    ],
    [
      { width: 20, height: 25 },
      { width: 18, height: 25, fit: "inside" },
    ],
    [
      { width: 126, height: 63 },
      { width: 137, height: 144, fit: "inside", enlarge: true },
    ],
    [
      { width: 140, height: 70 },
      { width: 341, height: 248, fit: "inside", enlarge: true },
    ],
    [
      { width: 300, height: 1 },
      { width: 10, height: 10, fit: "inside" },
    ],
  ] as [Size, Box][]) {
    it(`is the size that sharp makes: ${original.width}×${original.height} into ${box.width}×${box.height}`, async () => {
      expect(sizeHere(original, box)).to.deep.equal(await sizeBySharp(original, box));
    });
  }

  it("has the other side's proportion where a box has one side", () => {
    const one = (box: { width?: number; height?: number; enlarge?: boolean }) =>
      specsOf("a", { fit: "inside", quality: 80, ...box }).map(
        (spec) => targetOf({ width: 300, height: 100 }, spec).size,
      );
    expect(one({ width: 30 })).to.deep.equal([{ width: 30, height: 10 }]);
    expect(one({ height: 50 })).to.deep.equal([{ width: 150, height: 50 }]);
    expect(one({ height: 200 })).to.deep.equal([{ width: 300, height: 100 }]);
    // Never beyond the largest box, however long the picture.
    expect(one({ height: 5_000, enlarge: true })).to.deep.equal([{ width: 10_000, height: 3_333 }]);
  });

  it("is the size that sharp makes, whatever the original and the box", async () => {
    const everySize = fc.asyncProperty(sizes, boxes, async (original, box) => {
      expect(sizeHere(original, box)).to.deep.equal(await sizeBySharp(original, box));
    });
    await fc.assert(everySize, { numRuns: 500 });
  });

  it("is the size that sharp makes where the result lies half-way between two pixels", async () => {
    const everyHalf = fc.asyncProperty(halves, async ([original, box]) => {
      expect(sizeHere(original, box)).to.deep.equal(await sizeBySharp(original, box));
    });
    await fc.assert(everyHalf, { numRuns: 300 });
  });
});
