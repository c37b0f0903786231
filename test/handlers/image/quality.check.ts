import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { longEdges, pixelsIn, plainSharp, psnr, reference, renditionsOf, similarity, spec } from "../../../tools/bench";

const photo = (name: string) => readFileSync(join(__dirname, "../../photos", name));

/** The figures that `npx snail bench renditions` prints, as a gate. */
describe("quality of the default renditions", () => {
  before(hardenSharp);

  for (const name of ["p12.jpg", "d12.jpg", "p12-o6p3n.jpg"]) {
    it(`${name}: within 0.1 dB of plain sharp at every size, in no more bytes, and exactly as large`, async () => {
      const original = photo(name);
      const made = await renditionsOf(
        original,
        longEdges.map((edge) => spec(edge)),
      );
      let bytes = 0;
      let plainBytes = 0;
      for (const rendition of made) {
        const { width, height, body } = rendition;
        const plain = await plainSharp(original, { ...rendition.spec, format: rendition.format });
        expect({ width, height }).to.deep.equal({ width: plain.info.width, height: plain.info.height });
        const ideal = await reference(original, rendition);
        const [theirs, ours] = [await pixelsIn(plain.data), await pixelsIn(body)];
        expect(psnr(theirs, ideal) - psnr(ours, ideal), `dB lost at ${width}`).to.be.below(0.1);
        bytes += body.byteLength;
        plainBytes += plain.data.byteLength;
      }
      expect(bytes).to.be.at.most(plainBytes);
    });
  }

  for (const quality of [30, 60, 80, 92])
    it(`${quality} looks alike as JPEG, WebP and AVIF`, async () => {
      const specs = (["jpeg", "webp", "avif"] as const).map((format) => spec(640, format, { quality }));
      const missing = [0, 0, 0];
      for (const original of [photo("p12.jpg"), photo("d12.jpg")])
        for (const [i, rendition] of (await renditionsOf(original, specs)).entries()) {
          const ideal = await reference(original, rendition);
          missing[i]! += Math.log2(1 - similarity(await pixelsIn(rendition.body), ideal, rendition)) / 2;
        }
      // A quarter more or less is missing to 1 of MS-SSIM: at other sizes the numbers of equal looks are others.
      for (const other of missing.slice(1)) expect(other).to.be.closeTo(missing[0]!, Math.log2(1.25));
    });

  for (const space of ["srgb", "cmyk"]) {
    it(`loses no more than plain sharp where a JPEG of ${space} is encoded at its own size once more`, async () => {
      const original = await sharp(photo("p12.jpg")).resize(640).toColourspace(space).jpeg({ quality: 80 }).toBuffer();
      const [made] = await renditionsOf(original, [spec(2016)]);
      const { data } = await plainSharp(original, spec(2016));
      const ideal = await reference(original, made!);
      expect(psnr(await pixelsIn(made!.body), ideal)).to.be.at.least(psnr(await pixelsIn(data), ideal));
    });
  }

  it("scales exactly where the encoding would show the difference", async () => {
    const original = photo("p12.jpg");
    const [lossless] = await renditionsOf(original, [spec(2016, "png")]);
    const ideal = await reference(original, lossless!);
    expect(psnr(await pixelsIn(lossless!.body), ideal)).to.be.above(50);
  });
});
