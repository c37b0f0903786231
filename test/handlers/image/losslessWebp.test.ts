import { join } from "node:path";
import { expect } from "chai";
import sharp, { type Sharp } from "sharp";
import { costOfPicture } from "../../../handlers/image/losslessWebp";
import { firstParts, webpChunks } from "../../../handlers/image/parts";

const SIZE = { width: 300, height: 200 };
const costOf = (file: Buffer) => costOfPicture(file, firstParts(webpChunks(file)), SIZE, Infinity);
const photo = (): Sharp => sharp(join(__dirname, "../../photos/p12.jpg")).resize(SIZE);
const flat = (channels: 3 | 4) =>
  sharp({ create: { ...SIZE, channels, background: { r: 9, g: 99, b: 200, alpha: 0.5 } } });
const drawing = (): Sharp => photo().png({ palette: true, colours: 12 });

describe("what the Huffman codes of a lossless WebP cost", () => {
  for (const effort of [0, 2, 4, 6])
    it(`is little as libwebp makes them, whatever comes before them: effort ${effort}`, async () => {
      const pictures = [photo(), photo().greyscale(), flat(3), flat(4), sharp(await drawing().toBuffer())];
      for (const picture of pictures) {
        const cost = costOf(await picture.webp({ lossless: true, effort }).toBuffer());
        // One set at least where there are several, and far fewer than the blocks of the picture.
        expect(cost).to.be.within(0, 200 * 1_300);
      }
    });

  it("counts those of a lossy picture's transparency", async () => {
    const alpha = await photo().greyscale().raw().toBuffer();
    const joined = photo().joinChannel(alpha, { raw: { ...SIZE, channels: 1 } });
    expect(costOf(await joined.clone().webp({ quality: 80 }).toBuffer())).to.be.within(0, 200 * 1_300);
  });

  it("is left to the decoder where it breaks off", async () => {
    const file = await photo().webp({ lossless: true, effort: 6 }).toBuffer();
    for (const end of [20, 25, 26, 40, 60, 100]) expect(costOf(file.subarray(0, end))).to.be.below(1_300 * 65_537);
  });
});
