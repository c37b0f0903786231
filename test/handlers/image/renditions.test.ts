import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import type { Rendition } from "../../../handlers/imagePorts";
import type { Focus } from "../../../handlers/records";
import { corners, cornersOf } from "./files";
import { renditionsOf, spec } from "../../../tools/bench";

describe("makeRenditions", () => {
  before(hardenSharp);

  it("makes a rendition of its own of each format of an image type, all of the same pixels", async () => {
    const original = await corners(640, 480).png().toBuffer();
    const made = await renditionsOf(original, [spec(320, "avif"), spec(160), spec(320, "webp"), spec(320)]);
    expect(made.map(({ spec: { imageType, format } }) => `${imageType} ${format}`)).to.deep.equal([
      "edge320 avif",
      "edge160 jpeg",
      "edge320 webp",
      "edge320 jpeg",
    ]);
    for (const { spec: each, body, width, height } of made) {
      const { format, ...size } = await sharp(body).metadata();
      expect(size).to.include({ width, height });
      expect(format).to.equal(each.format === "avif" ? "heif" : each.format);
      expect(await cornersOf(body)).to.equal("rgwb");
    }
  });

  describe("auto", () => {
    const auto = [640, 64].map((edge) => ({ ...spec(edge), format: "auto" as const }));
    const formatsOf = async (original: Buffer) => {
      const made = await renditionsOf(original, auto);
      for (const { format, body } of made) expect((await sharp(body).metadata()).format).to.equal(format);
      return made.map(({ format }) => format);
    };

    it("is JPEG for what is opaque, though it may have an alpha channel", async () => {
      expect(await formatsOf(await corners(640, 480).webp().toBuffer())).to.deep.equal(["jpeg", "jpeg"]);
      const withAlpha = await corners(640, 480).ensureAlpha().png().toBuffer();
      expect((await sharp(withAlpha).metadata()).hasAlpha).to.equal(true);
      expect(await formatsOf(withAlpha)).to.deep.equal(["jpeg", "jpeg"]);
    });

    it("is WebP where as little as one pixel lets the page shine through, and keeps it", async () => {
      const { data, info } = await corners(640, 480).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      data[data.length - 1] = 254;
      const original = await sharp(data, { raw: { ...info, channels: 4 } })
        .png()
        .toBuffer();
      expect(await formatsOf(original)).to.deep.equal(["webp", "webp"]);
      const glass = await corners(640, 480).ensureAlpha(0.5).png().toBuffer();
      const [made] = await renditionsOf(glass, auto);
      const { channels } = await sharp(made!.body).stats();
      expect(channels[3]).to.include({ min: 127, max: 127 });
    });
  });

  describe("sizes", () => {
    it("keeps the whole picture within the box, and never enlarges it", async () => {
      const original = await corners(640, 480).jpeg().toBuffer();
      const made = await renditionsOf(original, [spec(2016), spec(1280), spec(320), spec(160)]);
      expect(made.map(({ width, height }) => [width, height])).to.deep.equal([
        [640, 480],
        [640, 480],
        [320, 240],
        [160, 120],
      ]);
      for (const { body, width, height } of made) expect(await sharp(body).metadata()).to.include({ width, height });
    });

    describe("cropped", () => {
      /** Red from the left to the right, green from the top to the bottom, with a busy spot at two thirds of both. */
      const slopes = async (width: number, height: number) => {
        const data = Buffer.alloc(width * height * 3);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const isBusy = Math.hypot(x - (2 * width) / 3, y - (2 * height) / 3) < Math.min(width, height) / 8;
            const blue = isBusy && (x + y) % 2 === 0 ? 255 : 0;
            data.set([(255 * x) / (width - 1), (255 * y) / (height - 1), blue], 3 * (y * width + x));
          }
        }
        return sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer();
      };
      /** Where the middle of a crop lies in the original, 0 to 1. */
      const middleOf = async (body: Uint8Array) => {
        const { channels } = await sharp(body).stats();
        return channels.slice(0, 2).map(({ mean }) => Math.round((100 * mean) / 255) / 100);
      };
      const crop = async (original: Buffer, more: Partial<RenditionSpec>, focus?: Focus) => {
        const square = { ...spec(50, "png", { fit: "cover" }), ...more };
        const made: Rendition[] = [];
        await makeRenditions(original, [square], (rendition) => made.push(rendition), focus);
        expect(await sharp(made[0]!.body).metadata()).to.include({ width: square.width, height: square.height });
        return middleOf(made[0]!.body);
      };

      it("around the image's focus, as near as the edges allow; the middle where it has none", async () => {
        const wide = await slopes(400, 100);
        const [tall, position] = [await slopes(100, 400), "focus"] as const;
        expect(await crop(wide, { position })).to.deep.equal([0.5, 0.5]);
        expect(await crop(wide, { position }, { x: 0.3, y: 0 })).to.deep.equal([0.3, 0.5]);
        expect(await crop(wide, { position }, { x: 0, y: 1 })).to.deep.equal([0.12, 0.5]);
        expect(await crop(tall, { position }, { x: 0.9, y: 0.75 })).to.deep.equal([0.5, 0.75]);
        expect((await crop(tall, { position }, { x: 1, y: 1 }))[1]).to.be.closeTo(0.875, 0.01);
        // The focus is that of `focus` alone.
        expect(await crop(wide, {}, { x: 0, y: 0 })).to.deep.equal([0.5, 0.5]);
      });

      it("around the focus of a picture that is enlarged", async () => {
        const enlarged = { position: "focus", enlarge: true, width: 200, height: 200 } as const;
        const [x, y] = await crop(await slopes(80, 20), enlarged, { x: 0.3, y: 0.5 });
        expect(x).to.be.closeTo(0.3, 0.02);
        expect(y).to.be.closeTo(0.5, 0.02);
      });

      it("around the focus as the upright picture has it", async () => {
        const turned = await sharp(await slopes(100, 400))
          .rotate(90)
          .withMetadata({ orientation: 8 })
          .png()
          .toBuffer();
        expect(await crop(turned, { position: "focus" }, { x: 0.5, y: 0.25 })).to.deep.equal([0.5, 0.25]);
      });

      for (const position of ["attention", "entropy"] as const) {
        it(`by ${position}, to what sharp finds there`, async () => {
          const [wide, small] = [await slopes(400, 100), await slopes(80, 20)];
          const bySharp = async (original: Buffer, edge: number) =>
            middleOf(
              await sharp(original).resize({ width: edge, height: edge, fit: "cover", position }).png().toBuffer(),
            );
          const [x] = await bySharp(wide, 50);
          expect(x).not.to.be.closeTo(0.5, 0.04);
          expect((await crop(wide, { position }))[0]).to.be.closeTo(x!, 0.02);
          const [enlarged] = await crop(small, { position, enlarge: true });
          expect(enlarged).to.be.closeTo((await bySharp(small, 20))[0]!, 0.03);
        });
      }
    });
  });

  it("has nothing to do where no renditions are configured", async () => {
    const original = await corners(256, 192).jpeg().toBuffer();
    const made = await makeRenditions(original, [], () => expect.fail("made"));
    expect(made.undecodable).to.equal(undefined);
  });

  describe("undecodable", () => {
    const none = () => expect.fail("made");
    const undecodable = async (body: Uint8Array) => (await makeRenditions(body, [spec(32)], none)).undecodable;

    it("says so of a file that is not an image", async () => {
      expect(await undecodable(Buffer.from("hello"))).to.match(
        /^The image cannot be decoded: .*not supported\. Save it again/,
      );
    });

    it("never loads a kind of file that is not accepted", async () => {
      const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>";
      expect(await undecodable(Buffer.from(svg))).to.match(/of a kind that is not supported/);
    });

    it("says so of a JPEG that breaks off and would have been decoded at a half", async () => {
      const body = await corners(512, 512).jpeg().toBuffer();
      const { undecodable: reason } = await makeRenditions(body.subarray(0, body.length - 300), [spec(256)], none);
      expect(reason).to.match(/cannot be decoded/);
    });

    it("says so of an AVIF that holds more pixels than its header says, which libheif calls a lack of memory", async () => {
      const body = await corners(640, 480).avif().toBuffer();
      body.writeUInt32BE(160, body.indexOf("ispe") + 8);
      expect(await undecodable(body)).to.match(/cannot be decoded/);
    });
  });
});
