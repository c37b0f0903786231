import { existsSync } from "node:fs";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { missedShrink, withShrunkJpeg } from "../../../handlers/image/shrink";
import { corners } from "./files";

describe("withShrunkJpeg", () => {
  before(hardenSharp);

  for (const factor of [2, 4, 8] as const) {
    it(`opens a JPEG at 1/${factor}`, async () => {
      const jpeg = await corners(160, 96).jpeg().toBuffer();
      const { width, height } = await withShrunkJpeg(jpeg, factor, (path) => sharp(path).metadata());
      expect({ width, height }).to.deep.equal({ width: 160 / factor, height: 96 / factor });
    });
  }

  it("leaves no file behind, whether or not the work succeeds", async () => {
    const files: string[] = [];
    const note = async (path: string) => {
      const file = path.replace(/\[.*/, "");
      expect(existsSync(file)).to.be.true;
      files.push(file);
    };
    await withShrunkJpeg(await corners().jpeg().toBuffer(), 2, note);
    const failed = withShrunkJpeg(Buffer.alloc(1), 2, async (path) => {
      await note(path);
      throw new Error("no");
    });
    expect(await failed.catch((error: unknown) => String(error))).to.equal("Error: no");
    expect(files.map((file) => existsSync(file))).to.deep.equal([false, false]);
  });
});

describe("missedShrink", () => {
  const of = (from: number, to: number) => missedShrink({ width: from, height: from }, { width: to, height: to });

  it("is the factor that sharp leaves to the resizing", () => {
    expect(of(4032, 2016)).to.equal(2);
    expect(of(4032, 1900)).to.equal(2);
    expect(of(4032, 1000)).to.equal(4);
    expect(of(8200, 1000)).to.equal(8);
  });

  it("is none where sharp shrinks by itself, or there is nothing to shrink", () => {
    expect(of(4032, 1344)).to.be.undefined;
    expect(of(4032, 2017)).to.be.undefined;
    expect(of(1000, 2000)).to.be.undefined;
  });

  it("never asks for less than the target", () => {
    expect(missedShrink({ width: 4032, height: 3024 }, { width: 2016, height: 2000 })).to.be.undefined;
  });
});
