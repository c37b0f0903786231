import { expect } from "chai";
import { perMessage } from "../../../handlers/entries/perMessage";
import { isFitProfile } from "../../../handlers/image/colourProfile";
import { hardenSharp } from "../../../handlers/image/harden";
import { inspectImage } from "../../../handlers/image/inspect";
import { makeRenditions } from "../../../handlers/image/renditions";
import { reasonOf } from "../../../handlers/image/safety";
import { imageFormats, type RenditionSpec, type UploadLimits } from "../../../handlers/imageTypes";
import type { Rendition } from "../../../handlers/imagePorts";
import { hostileFiles } from "../../../tools/commands";
import { corners, cornersOf } from "./files";

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
  const result = await makeRenditions(body, specs, async (rendition) => void renditions.push(rendition));
  return { ...result, renditions };
};

describe("a hostile file", () => {
  before(hardenSharp);

  describe("is rejected before anything decodes it:", () => {
    const rejected: [cause: string, ...names: string[]][] = [
      ["too-long", "1 by 10000000.png", "1000000 by 1.png", "1 by 65535.png"],
      ["too-long", "65,501 by 8.jpg", "16,385 by 64.avif", "65,535 by 65,535.avif"],
      [
        "too-many-pixels",
        "39 refinements of 50 MP.jpg",
        "CMYK of 49 MP.jpg",
        "5800 by 5800, 16 bits of kind 6, with a profile.png",
        "100 MP with alpha of its own.webp",
      ],
      ["too-many-pixels", "16,383 by 16,383.webp", "CMYK of 100 MP.jpg", "49 MP.avif"],
      ["too-complex", "30000 frames of 1 by 1.webp", "100 scans of 100 MP.jpg", "700,000 scans of 8 by 8.jpg"],
      ["too-complex", "50,000 Huffman tables.jpg", "600,000 unknown chunks.png", "1200 compressed texts of 8 MB.png"],
      ["too-complex", "100,000 boxes.avif", "600,000 frames.gif"],
      ["too-complex", "256 times the same 1 MP in a grid.avif", "directories in a circle.tiff"],
      ["too-complex", "12 MP before 30 GB of zeros.png", "12 MP behind 40 MB of empty blocks.png"],
      ["too-complex", "70 MP, 65,536 sets of codes.webp", "70 MP, 65,536 sets of codes for its transparency.webp"],
      ["too-complex", "90 times a strip behind 1 MB of empty blocks.tiff"],
      ["truncated", "10000 by 10000 over a few bytes.png", "without two of its components.jpg"],
      ["truncated", "progressive, cut before scan 5, with an end mark.jpg"],
      ["truncated", "half of its pixels, with all marks of the end.gif", "a picture of 2 GB.webp"],
      ["unsupported-format", "2 components.jpg"],
      ["unsupported-format", "frame of kind c9.jpg", "of 12 bits.jpg"],
      ["too-complex", "52,000 strips of the same megabyte.tiff", "8 by 8 before 10 GB of zeros.png"],
      [
        "too-complex",
        ...["jpg", "png", "webp", "avif"].map((kind) => `EXIF directories that lead to each other.${kind}`),
      ],
      ["too-complex", "a grid of 200 pictures.avif", "a picture of 60 frames.avif", "a picture of 100000 frames.avif"],
      ["corrupt", "the same data in 2000 pieces.avif"],
      ["unsupported-format", "tiles in JPEG.tiff"],
      ["too-complex", "tiles far larger than the picture.tiff"],
      ["unsupported-format", "a preview, as a raw photo begins with.tiff", "the brand of an animation.avif"],
      ["corrupt", "width 0.png", "18,000 lists of tiles that go on behind their boxes.avif"],
      ["corrupt", "15,000 lists of properties that go on behind their boxes.avif", "100 turns of 16 MP.avif"],
    ];
    for (const [cause, ...names] of rejected)
      for (const name of names)
        it(`${name}: ${cause}`, async () => {
          const inspection = await inspectImage(await bodyOf(name), limits);
          expect(inspection).to.include({ ok: false, cause });
          expect("reason" in inspection && inspection.reason).to.match(/^The .*\. [A-Z].*\.$/);
        });

    const odd = [
      "a frame with 1 bytes behind its picture.webp",
      "a frame that breaks off before its picture.webp",
      "all flags.webp",
      "boxes 300 deep.avif",
      "10,000 properties.avif",
      "60 turns.avif",
      "10,000 brands.avif",
      "5000 items.avif",
      "a movie.avif",
      "an item of 4 GB.avif",
      "a box of 2^63 bytes.avif",
      "a grid of itself.avif",
      "65,025 times the same picture in a grid.avif",
      "grids of grids.avif",
      "12 bits in its configuration alone.avif",
      "properties of 2,000,000 items behind it.avif",
      "a property that is named 60,000 times.avif",
    ];
    for (const name of odd)
      it(`${name}: accepted, or rejected with a reason`, async () => {
        const inspection = await inspectImage(await bodyOf(name), limits);
        if (!inspection.ok) expect(inspection.reason).to.match(/^The .*\. [A-Z].*\.$/);
      });

    it("limits of sides and proportion are those that are configured", async () => {
      const body = await corners(60, 20).png().toBuffer();
      const causes = [];
      for (const [maxSide, maxProportion] of [
        [60, 3],
        [59, 3],
        [60, 2],
      ] as const) {
        const inspection = await inspectImage(body, { ...limits, maxSide, maxProportion });
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
      [/not supported/, "tiles in an unknown coding.tiff", "90 scans in JPEG inside, 16 MP.tiff"],
      [/colour profile/, "profile of 100,000 steps.jpg", "profile of 8 MB.jpg"],
      [/promises more/, "5000 by 5000 that says 64 by 64.avif"],
    ];
    for (const [reason, ...names] of failed)
      for (const name of names)
        it(name, async () => {
          const body = await bodyOf(name);
          expect(await inspectImage(body, limits)).to.include({ ok: true });
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
    expect(undecodable).to.equal("The animation breaks off within one of its frames. Upload an intact file.");
  });

  it("fails where the frames that are kept have too many Huffman codes", async () => {
    const body = await bodyOf("8 frames of 65,536 sets of codes, kept.webp");
    expect(await inspectImage(body, limits)).to.include({ ok: true });
    const { undecodable } = await made(body, { ...inside, format: "webp", animated: true });
    expect(undecodable).to.match(/^The animation has 8 frames of .* can be kept moving here/);
  });

  describe("is not mistaken for one:", () => {
    it("a colour profile that cannot be read, which libvips does without", () => {
      expect(isFitProfile(Buffer.alloc(20))).to.equal(true);
    });

    const honest = [
      "bytes between the segments.jpg",
      "EXIF in a circle.jpg",
      "a script behind it.png",
      "a grid of 20 pictures.avif",
      "tiles.tiff",
      "strips in JPEG.tiff",
      "a fourth sample without a word of it.tiff",
      "a tag that libtiff does not know, and tags in disorder.tiff",
      "2000 directories with the same text of 10 MB.tiff",
    ];
    for (const name of honest)
      it(name, async () => {
        expect(await inspectImage(await bodyOf(name), limits)).to.include({ ok: true });
        expect(await made(await bodyOf(name), inside)).not.to.have.property("undecodable");
      });

    it("a photo of 24 megapixels in a TIFF that is not compressed", async () => {
      expect(await inspectImage(await bodyOf("24 MP that are not compressed.tiff"))).to.include({ ok: true });
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

  it("costs no neighbour in its batch anything", async () => {
    const good = await corners(300, 200).jpeg().toBuffer();
    const bodies = new Map([
      ["1", await bodyOf("10000 by 9999 over data of 64 by 64.jpg")],
      ["2", good],
      ["3", await bodyOf("5000 by 5000 that says 64 by 64.avif")],
      ["4", good],
    ]);
    const outcomes = new Map<string, string>();
    const work = async (id: unknown) => {
      const { undecodable, renditions } = await made(bodies.get(String(id)) ?? good, inside, cover);
      outcomes.set(String(id), undecodable === undefined ? `${renditions.length} renditions` : "undecodable");
    };
    const never = () => expect.fail("it is not tried again, and becomes no dead letter");
    const batch = perMessage(work, {
      journal: { failed: never },
      atOnce: 2,
      retries: { soon: never },
      deadLetters: { maxReceiveCount: 10, bury: never },
    });
    const Records = [...bodies.keys()].map((id) => ({ messageId: id, receiptHandle: id, body: id }));
    expect(await batch({ Records })).to.deep.equal({ batchItemFailures: [] });
    expect(Object.fromEntries(outcomes)).to.deep.equal({
      1: "undecodable",
      2: "2 renditions",
      3: "undecodable",
      4: "2 renditions",
    });
  });
});

describe("reasonOf", () => {
  it("is for errors that are the file's fault", () => {
    const messages = [
      "Memory allocation error: Security limit exceeded: Allocating 5 bytes",
      "heif: Memory allocation error: Security limit",
      "VipsJpeg: Insufficient memory (case 4)",
      "affine: output coordinates out of range",
      "timeout: 12% complete",
      "Input buffer contains unsupported image format",
    ];
    for (const message of messages)
      expect(reasonOf(new Error(message)), message).to.match(/^The image cannot be decoded/);
    expect(reasonOf("a text")).to.match(/damaged/);
  });

  it("says so of a kind that libvips does not know", () => {
    const messages = [
      "tiff2vips: ZSTD compression support is not configured",
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
