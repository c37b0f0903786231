import { expect } from "chai";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import { reasonOf } from "../../../handlers/image/safety";
import { imageFormats, type RenditionSpec, type UploadLimits } from "../../../handlers/imageTypes";
import type { Rendition } from "../../../handlers/imagePorts";
import { hostileFiles } from "../../../tools/commands";
import { corners, cornersOf, inspected } from "./files";

const limits: UploadLimits = {
  acceptedFormats: [...imageFormats],
  acceptedExtensions: [],
  maxBytes: 52_428_800,
  maxPixels: 100_000_000,
  maxSide: 65_535,
  maxProportion: 10_000,
};
const inside: RenditionSpec = { imageType: "i", width: 64, height: 64, fit: "inside", format: "jpeg", quality: 80 };
const cover: RenditionSpec = { ...inside, imageType: "c", fit: "cover", format: "png", enlarge: true };

const files = new Map(hostileFiles().map((file) => [file.name, file]));
const bodyOf = async (name: string): Promise<Buffer> => {
  const file = files.get(name);
  if (!file) throw new Error(`there is no hostile file ${name}`);
  return file.body();
};
const made = async (body: Buffer, ...specs: RenditionSpec[]) => {
  const renditions: Rendition[] = [];
  const result = await makeRenditions(body, specs, (rendition) => renditions.push(rendition));
  return { ...result, renditions };
};

describe("a hostile file", () => {
  before(hardenSharp);

  describe("is rejected before anything decodes it:", () => {
    const rejected: [cause: string, ...names: string[]][] = [
      ["too-long", "1 by 10000000.png", "1000000 by 1.png", "1 by 65535.png"],
      ["too-long", "65,501 by 8.jpg", "16,385 by 64.avif", "65,535 by 65,535.avif"],
      ["too-many-pixels", "16,383 by 16,383.webp", "65,535 by 65,535.gif"],
      ["too-complex", "2,000,000 comments.jpg", "50,000 Huffman tables.jpg", "600,000 unknown chunks.png"],
      ["too-complex", "100,000 boxes.avif", "2,000,000 comments.gif", "a BigTIFF of 70,000 tags.tiff"],
      ["truncated", "without two of its components.jpg"],
      ["truncated", "progressive, cut before scan 5, with an end mark.jpg"],
      ["unsupported-format", "2 components.jpg", "frame of kind c9.jpg", "of 12 bits.jpg", "tiles in JPEG.tiff"],
      ["unsupported-format", "a preview, as a raw photo begins with.tiff", "the brand of an animation.avif"],
      ["corrupt", "width 0.png", "height 0.png"],
    ];
    for (const [cause, ...names] of rejected)
      for (const name of names)
        it(`${name}: ${cause}`, async () => {
          const inspection = await inspected(await bodyOf(name), limits);
          expect(inspection).to.include({ ok: false, cause });
          expect("reason" in inspection && inspection.reason).to.match(/^The .*\. [A-Z].*\.$/);
        });

    it("limits of sides and proportion are those that are configured", async () => {
      const body = await corners(60, 20).png().toBuffer();
      const causes = [];
      for (const [maxSide, maxProportion] of [
        [60, 3],
        [59, 3],
        [60, 2],
      ] as const) {
        const inspection = await inspected(body, { ...limits, maxSide, maxProportion });
        causes.push(inspection.ok || inspection.cause);
      }
      expect(causes).to.deep.equal([true, "too-long", "too-long"]);
    });
  });

  describe("fails with a sentence that is not a decoder's:", () => {
    const failed: [reason: RegExp, ...names: string[]][] = [
      [/breaks off/, "10000 by 9999 over data of 64 by 64.jpg", "cut at 0.5, with an end mark.jpg"],
      [/breaks off/, "progressive, cut at 0.9, with an end mark.jpg", "lossy, cut with lengths that agree.webp"],
      [/damaged/, "a tile that is damaged.tiff", "a tile that is cut.tiff"],
      [/not supported/, "a grid of 20 pictures, one damaged.avif"],
      [/breaks off/, "strips in JPEG, one cut.tiff", "a fax that is cut.tiff"],
      [/not supported/, "tiles in an unknown coding.tiff", "planes of tiles.tiff", "planes of fewer pixels.tiff"],
      [/promises more/, "5000 by 5000 that says 64 by 64.avif"],
    ];
    for (const [reason, ...names] of failed)
      for (const name of names)
        it(name, async () => {
          const body = await bodyOf(name);
          expect(await inspected(body, limits)).to.include({ ok: true });
          const { undecodable, renditions } = await made(body, inside);
          expect(undecodable)
            .to.match(/^The image cannot be decoded: [^()]*\. [A-Z][^()]*\.$/)
            .and.match(reason);
          expect(renditions).to.deep.equal([]);
        });
  });

  it("fails where a frame of it is kept that has fewer pixels than it says", async () => {
    const body = await bodyOf("the last frame cut, with all marks of the end, kept.gif");
    expect(await made(body, inside)).not.to.have.property("undecodable");
    const { undecodable } = await made(body, { ...inside, format: "webp", animated: true });
    expect(undecodable).to.match(/^The image cannot be decoded: it breaks off/);
  });

  describe("is not mistaken for one:", () => {
    const honest = [
      "bytes between the segments.jpg",
      "EXIF in a circle.jpg",
      "version 0 of JFIF.jpg",
      "version 2 of JFIF.jpg",
      "colours of kind 2 in Adobe's mark.jpg",
      "colours of kind 255 in Adobe's mark.jpg",
      "planes of strips.tiff",
      "a script behind it.png",
      "profile cut short.jpg",
      "CMYK of an A4 page at 600 dots per inch.jpg",
      "a grid of 20 pictures.avif",
      "a grid of 200 pictures.avif",
      "16 MP with alpha.avif",
      "52,000 strips of a few bytes.tiff",
      "tiles.tiff",
      "strips in JPEG.tiff",
      "a fourth sample without a word of it.tiff",
      "a tag that libtiff does not know, and tags in disorder.tiff",
      "2000 directories with the same text of 10 MB.tiff",
    ];
    for (const name of honest)
      it(name, async () => {
        expect(await inspected(await bodyOf(name), limits)).to.include({ ok: true });
        expect(await made(await bodyOf(name), inside)).not.to.have.property("undecodable");
      });

    it("a photo of 24 megapixels in a TIFF that is not compressed", async () => {
      expect(await inspected(await bodyOf("24 MP that are not compressed.tiff"))).to.include({ ok: true });
    });

    it("a sequential JPEG whose scan names other coefficients", async () => {
      const body = await corners().jpeg().toBuffer();
      const scan = body.indexOf(Buffer.of(0xff, 0xda));
      body[scan + 2 + body.readUInt16BE(scan + 2) - 2] = 0;
      const { undecodable, renditions } = await made(body, inside);
      expect(undecodable).to.equal(undefined);
      expect(await cornersOf(renditions[0]?.body ?? Buffer.alloc(0))).to.equal("rgwb");
    });

    it("a picture of 1 by 10,000 pixels, also where it is cropped and enlarged", async () => {
      for (const name of ["1 by 10,000.png", "10,000 by 1.png"]) {
        const { undecodable, renditions } = await made(await bodyOf(name), inside, cover);
        expect(undecodable, name).to.equal(undefined);
        expect(renditions.map(({ width, height }) => [width, height])).to.deep.include([64, 64]);
      }
    });
  });

  const turned = [
    "an orientation before its data.png",
    "an orientation behind its data.png",
    "an orientation of 32 bits.png",
    "EXIF orientation of 32 bits.jpg",
  ];
  for (const name of turned)
    it(`has the sides of its renditions: ${name}`, async () => {
      const { renditions, ...rendered } = await made(await bodyOf(name), inside);
      const { width, height } = renditions[0]!;
      expect(rendered).to.include({ width, height });
    });
});

describe("reasonOf", () => {
  it("is for errors that are the file's fault", () => {
    const messages = [
      "Memory allocation error: Security limit exceeded: Allocating 5 bytes",
      "heif: Memory allocation error: Security limit",
      "VipsJpeg: Insufficient memory (case 4)",
      "affine: output coordinates out of range",
      "Input buffer contains unsupported image format",
    ];
    for (const message of messages)
      expect(reasonOf(new Error(message)), message).to.match(/^The image cannot be decoded/);
    expect(reasonOf("a text")).to.match(/damaged/);
  });

  it("says so of a kind that libvips does not know", () => {
    const messages = [
      "tiff2vips: ZSTD compression support is not configured",
      "tiff2vips: Improper JPEG component count\ntiff2vips: read error",
      "tiff2vips: Sorry, can not handle image",
      "Input buffer has corrupt header: tiff2vips: samples out of range",
      "Input buffer has corrupt header: image: bad labq format",
      "vips_colourspace: no known route from 'multiband' to 'srgb'",
    ];
    for (const message of messages) expect(reasonOf(new Error(message)), message).to.match(/not supported/);
  });

  it("rethrows mistakes of this program: a file is not refused for them", () => {
    for (const error of [new TypeError("x is not a function"), new ReferenceError("x is not defined")])
      expect(() => reasonOf(error)).to.throw(error);
  });

  it("rethrows what this machine lacks", () => {
    for (const message of ["vips_tracked: out of memory -- size == 400MB", "write failed: No space left on device"]) {
      const error = new Error(message);
      expect(() => reasonOf(error)).to.throw(error);
    }
  });
});
