import { expect } from "chai";
import sharp from "sharp";
import { thumbHashToAverageRGBA, thumbHashToApproximateAspectRatio, thumbHashToRGBA } from "thumbhash";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import { spec } from "../../../tools/bench";
import { corners } from "./files";

const previewOf = async (original: Uint8Array, edges = [64]) => {
  const { preview } = await makeRenditions(
    original,
    edges.map((edge) => spec(edge)),
    () => undefined,
  );
  return preview!;
};
const hashOf = ({ placeholder }: { placeholder: string }) => Buffer.from(placeholder, "base64");
const plain = (width: number, height: number, background: sharp.Color) =>
  sharp({ create: { width, height, channels: 4, background } });

describe("the preview of an image", () => {
  before(hardenSharp);

  it("is a ThumbHash of the picture: its corners have their colours, its sides their proportion", async () => {
    const preview = await previewOf(await corners(640, 480).jpeg().toBuffer(), [320, 160]);
    const hash = hashOf(preview);
    expect(hash.length).to.be.at.most(25);
    expect(thumbHashToApproximateAspectRatio(hash)).to.be.closeTo(4 / 3, 0.2);
    const { w, h, rgba } = thumbHashToRGBA(hash);
    const at = (x: number, y: number) => [...rgba.subarray(4 * (y * w + x), 4 * (y * w + x) + 3)];
    const [red = 0, green = 0, blue = 0] = at(2, 2);
    expect(red)
      .to.be.greaterThan(green + 60)
      .and.greaterThan(blue + 60);
    expect(Math.min(...at(w - 3, 2))).to.be.lessThan(at(w - 3, 2)[1]! - 60);
    expect(h).to.be.greaterThan(10);
  });

  it("names the colour that is most", async () => {
    const most = plain(100, 60, "#3366cc");
    const patch = await plain(30, 30, "#ff0000").png().toBuffer();
    const original = await most
      .composite([{ input: patch, top: 0, left: 0 }])
      .png()
      .toBuffer();
    expect((await previewOf(original)).dominantColour).to.equal("#3366cc");
  });

  it("passes over what is transparent, and keeps it in the placeholder", async () => {
    const clear = plain(100, 60, { r: 255, g: 0, b: 0, alpha: 0 });
    const patch = await plain(30, 30, "#00aa00").png().toBuffer();
    const original = await clear
      .composite([{ input: patch, top: 0, left: 0 }])
      .png()
      .toBuffer();
    const preview = await previewOf(original);
    expect(preview.dominantColour).to.equal("#00aa00");
    expect(thumbHashToAverageRGBA(hashOf(preview)).a).to.be.lessThan(0.5);
  });

  it("is small whatever the picture: a pixel, a line, one without a rendition", async () => {
    for (const [width, height] of [
      [1, 1],
      [2000, 1],
      [1, 700],
    ] as const) {
      const { placeholder, dominantColour } = await previewOf(await plain(width, height, "#804020").png().toBuffer());
      expect(placeholder).to.match(/^[A-Za-z0-9+/]{6,36}={0,2}$/);
      expect(placeholder.length).to.be.at.most(36);
      expect(dominantColour).to.equal("#804020");
    }
    expect((await previewOf(await plain(9, 9, "#123456").png().toBuffer(), [])).dominantColour).to.equal("#123456");
  });
});
