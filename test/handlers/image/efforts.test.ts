import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/harden";
import { isNoise } from "../../../handlers/image/noise";
import { pixelsOf, type Pixels } from "../../../handlers/image/pixels";
import { longEdges, renditionsOf, spec } from "../../../tools/bench";

/** Noise of a greatest step around grey, in colours and in alpha; the same in each run. */
function noise(colours: number, alpha?: number, side = 400): Pixels {
  const channels = alpha === undefined ? 3 : 4;
  let state = 1;
  const data = Buffer.from(
    Array.from({ length: side * side * channels }, (_, at) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const step = at % channels === 3 ? (alpha ?? 0) : colours;
      return 128 + Math.trunc((state / 2 ** 31 - 1) * step);
    }),
  );
  return { data, width: side, height: side, channels };
}
const png = ({ data, ...raw }: Pixels) => sharp(data, { raw }).png().toBuffer();

/** A page full of marks as small as letters are, of black on a background. */
function letters(background: number[], side = 400): Pixels {
  const isInk = (at: number) => at % 8 < 3 && Math.trunc(at / side) % 10 < 5;
  const pixels = Array.from({ length: side * side }, (_, at) => (isInk(at) ? [0, 0, 0, 255] : background));
  return { data: Buffer.from(pixels.flat()), width: side, height: side, channels: 4 };
}

describe("noise", () => {
  before(hardenSharp);

  for (const [what, pixels] of [
    ["all colours", noise(127)],
    ["all colours and transparencies", noise(127, 127)],
    ["transparency alone", noise(0, 127)],
    ["a little of both", noise(9, 9)],
  ] as const)
    it(`is told: ${what}`, () => expect(isNoise(pixels)).to.equal(true));

  it("is not told of photos at any size, grain, letters, flat pictures, and pictures of one pixel", async () => {
    for (const original of ["p12.jpg", "d12.jpg"])
      for (const edge of longEdges) {
        const small = sharp(join(__dirname, "../../photos", original)).resize(edge, edge, { fit: "inside" });
        expect(isNoise(await pixelsOf(small)), `${original} at ${edge}`).to.equal(false);
      }
    for (const background of [
      [255, 255, 255, 255],
      [0, 0, 0, 0],
    ])
      expect(isNoise(letters(background)), `letters on ${background.join()}`).to.equal(false);
    for (const pixels of [noise(16), noise(0), noise(4, 4), noise(127, 127, 1)])
      expect(isNoise(pixels)).to.equal(false);
  });
});

describe("WebP has", () => {
  before(hardenSharp);

  for (const [what, pixels, effort] of [
    ["the least effort for noise", noise(127, 127), 0],
    ["the usual effort for other pictures", noise(4, 4), 5],
  ] as const)
    it(what, async () => {
      const [made] = await renditionsOf(await png(pixels), [spec(400, "webp")]);
      const { data, ...raw } = pixels;
      const plain = await sharp(data, { raw }).webp({ quality: 83, effort }).toBuffer();
      expect(plain.equals(made!.body)).to.equal(true);
    });

  it("less effort for an original whose decoding takes more than a third of what is allowed", async () => {
    const picture = sharp(join(__dirname, "../../photos/p12.jpg")).resize(2_000, 1_500).ensureAlpha(0.5);
    for (const [bitdepth, effort] of [
      [8, 5],
      [10, 2],
    ] as const) {
      const original = await picture.clone().avif({ quality: 60, effort: 0, bitdepth }).toBuffer();
      const [made, pixels] = await renditionsOf(original, [spec(640, "webp"), spec(640, "png")]);
      const plain = await sharp(pixels!.body).webp({ quality: 83, effort }).toBuffer();
      expect(plain.equals(made!.body), `${bitdepth} bits`).to.equal(true);
    }
  });

  it("no fewer bytes of noise with the usual effort", async () => {
    for (const { data, ...raw } of [noise(127), noise(127, 127), noise(0, 127)]) {
      const [least, usual] = await Promise.all(
        [0, 5].map((effort) => sharp(data, { raw }).webp({ quality: 83, effort }).toBuffer()),
      );
      expect(least!.length / usual!.length).to.be.below(1.01);
    }
  });
});
