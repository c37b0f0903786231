import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { renditionsOf, spec } from "../../../tools/bench";

describe("WebP has", () => {
  before(hardenSharp);

  for (const [what, frames, effort] of [
    ["the usual effort for pictures", 1, 5],
    ["less effort for frames", 3, 2],
  ] as const)
    it(what, async () => {
      const photo = sharp(join(__dirname, "../../photos/p12.jpg")).resize(96, 64 * frames, { fit: "fill" });
      const data = await photo.raw().toBuffer();
      const pixels = () => {
        const raw = { width: 96, height: 64 * frames, channels: 3, pageHeight: 64 } as const;
        return sharp(data, { raw });
      };
      const original = await pixels()
        .webp({ lossless: true, delay: Array<number>(frames).fill(100) })
        .toBuffer();
      const [made] = await renditionsOf(original, [spec(96, "webp", { animated: true })]);
      const timing = frames > 1 && { delay: Array<number>(frames).fill(100), loop: 0 };
      const plain = await pixels()
        .webp({ quality: 83, effort, ...timing })
        .toBuffer();
      expect(plain.equals(made!.body)).to.equal(true);
    });
});
