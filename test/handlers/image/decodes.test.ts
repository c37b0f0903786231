import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { longEdges, renditionsOf, spec } from "../../../tools/bench";
import { watchPipelines } from "./pipelines";

const photo = (name: string) => readFileSync(join(__dirname, "../../photos", name));
const specs = longEdges.map((edge) => spec(edge));

/** The pipelines that decode something while `work` runs: the options behind a path, or `bytes`. */
async function decodesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const decodes: string[] = [];
  await watchPipelines(({ options }) => {
    const { file, buffer, rawWidth } = options.input;
    const isTiff = buffer?.toString("latin1", 0, 2) === "II";
    if (file !== undefined) decodes.push(file.replace(/^[^[]*/, ""));
    else if (rawWidth === undefined) decodes.push(isTiff ? "pixels as TIFF" : "bytes");
  }, work);
  return decodes;
}

describe("an original is decoded once", () => {
  before(hardenSharp);

  for (const name of ["p12.jpg", "d12.jpg"]) {
    it(`${name}: by libjpeg at a half, never at its 12 megapixels`, async () => {
      expect(await decodesDuring(() => renditionsOf(photo(name), specs))).to.deep.equal(["[shrink=2]"]);
    });
  }

  it("a phone's photo too: its colours and rotation are applied to what is left of it", async () => {
    const phone = photo("p12-o6p3n.jpg");
    expect(await decodesDuring(() => renditionsOf(phone, specs))).to.deep.equal(["[shrink=2]"]);
    const scaled = await decodesDuring(() => renditionsOf(phone, [spec(1500)]));
    expect(scaled).to.deep.equal(["[shrink=2]", "pixels as TIFF"]);
  });

  it("whole, where there is nothing to shrink, or the encoding would show the difference", async () => {
    const png = await sharp(photo("d12.jpg")).resize(1920).png({ compressionLevel: 1 }).toBuffer();
    expect(await decodesDuring(() => renditionsOf(png, specs))).to.deep.equal(["bytes"]);
    const lossless = [spec(2016, "png"), spec(320)];
    expect(await decodesDuring(() => renditionsOf(photo("d12.jpg"), lossless))).to.deep.equal(["bytes"]);
  });

  it("whole, where there is no room for the file behind the path", async () => {
    const { TMPDIR } = process.env;
    const expected = await renditionsOf(photo("d12.jpg"), specs);
    process.env.TMPDIR = "/nowhere";
    try {
      const made: { width: number; height: number }[] = [];
      const decodes = await decodesDuring(async () => made.push(...(await renditionsOf(photo("d12.jpg"), specs))));
      expect(decodes).to.deep.equal(["bytes"]);
      expect(made.map(({ width }) => width)).to.deep.equal(expected.map(({ width }) => width));
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });

  for (const [what, alpha, bases] of [
    ["the next larger one", 1, [2016, 1280, 640, 320]],
    ["one that is three times as large, with transparency", 0.5, [2016, 2016, 640, 640]],
  ] as const)
    it(`and each rendition derives from ${what}`, async () => {
      const original = await sharp(photo("d12.jpg")).resize(2016).ensureAlpha(alpha).png().toBuffer();
      const widths: number[] = [];
      await watchPipelines(
        ({ options: { formatOut, input } }) => {
          if (formatOut === "raw" && input.rawWidth !== undefined) widths.push(input.rawWidth);
        },
        () => renditionsOf(original, specs),
      );
      expect(widths.slice(0, 4)).to.deep.equal(bases);
    });
});
