import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import sharp from "sharp";
import { imageFormats, type ImageFormat, type UploadLimits } from "../../../handlers/imageTypes";
import { corners, ftyp, inspected, pngOfSize } from "./files";

const limits: UploadLimits = {
  acceptedFormats: [...imageFormats],
  acceptedExtensions: [],
  maxBytes: 10_000_000,
  maxPixels: 100_000_000,
  maxSide: 65_535,
  maxProportion: 10_000,
};

/** A small image of each format. */
const image = async (format: ImageFormat) => corners().toFormat(format).toBuffer();

describe("the inspection of an upload", () => {
  describe("accepts", () => {
    it("a photo of 12 megapixels, whose sides it gives after EXIF orientation", async () => {
      const photo = readFileSync(join(__dirname, "../../photos/p12-o6p3n.jpg"));
      expect(await inspected(photo, limits)).to.deep.equal({ ok: true, format: "jpeg", width: 3024, height: 4032 });
    });

    it("every format, with the sides that sharp tells, whichever way EXIF turns it", async () => {
      for (const format of limits.acceptedFormats) {
        for (let orientation = 1; orientation <= 8; orientation++) {
          const body = await corners().withMetadata({ orientation }).toFormat(format).toBuffer();
          const { autoOrient } = await sharp(body).metadata();
          const inspection = await inspected(body, limits);
          expect(inspection, `${format}, ${orientation}`).to.deep.equal({ ok: true, format, ...autoOrient });
        }
      }
    });

    it("a photo with unreadable EXIF data, as one that is not turned", async () => {
      const body = await corners().withMetadata({ orientation: 6 }).jpeg().toBuffer();
      const exif = body.indexOf("Exif\0\0");
      body.writeUInt32BE(0xffffff, exif + 6 + 4); // where the first directory begins
      expect(await inspected(body, limits)).to.deep.equal({ ok: true, format: "jpeg", width: 64, height: 48 });
    });

    it("an AVIF that is turned by a property of its own", async () => {
      const body = await image("avif");
      const property = body.indexOf("pixi"); // not needed, and of the same item: it becomes a quarter turn
      body.write("irot", property);
      body[property + 4] = 1;
      const sides = { width: 48, height: 64 };
      expect((await sharp(body).metadata()).autoOrient).to.deep.equal(sides);
      expect(await inspected(body, limits)).to.deep.equal({ ok: true, format: "avif", ...sides });
    });

    it("WebP in each of its three encodings, and an image of a single pixel", async () => {
      const picture = () => corners(70, 30);
      const files = [
        await picture().webp({ lossless: true }).toBuffer(),
        await picture().webp({ quality: 50 }).toBuffer(),
        await picture().ensureAlpha(0.5).webp().toBuffer(),
      ];
      for (const body of files) {
        expect(await inspected(body, limits)).to.deep.equal({ ok: true, format: "webp", width: 70, height: 30 });
      }
      const pixel = await corners(1, 1).tiff({ bigtiff: true }).toBuffer();
      expect(await inspected(pixel, limits)).to.deep.equal({ ok: true, format: "tiff", width: 1, height: 1 });
    });

    it("a JPEG with a script behind its end: its renditions are clean, its original is never shown", async () => {
      const polyglot = Buffer.concat([await image("jpeg"), Buffer.from("<script>alert(1)</script>")]);
      expect(await inspected(polyglot, limits)).to.include({ ok: true, format: "jpeg" });
    });

    it("a view of a larger buffer", async () => {
      const png = await image("png");
      const around = new Uint8Array(png.length + 100);
      around.set(png, 50);
      expect(await inspected(around.subarray(50, 50 + png.length), limits)).to.include({ ok: true, format: "png" });
    });
  });

  describe("rejects", () => {
    const svg = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>";
    const files: [what: string, body: Uint8Array, cause: string, reason: RegExp][] = [
      ["nothing", Buffer.alloc(0), "empty", /empty/],
      ["text", Buffer.from("hello"), "not-an-image", /not an image.*JPEG, PNG/],
      ["a web page that contains a drawing", Buffer.from(`<html>${svg}</html>`), "not-an-image", /not an image/],
      ["zeros", Buffer.alloc(1000), "not-an-image", /not an image/],
      ["a drawing", Buffer.from(svg), "unsupported-format", /SVG/],
      [
        "a drawing behind an XML declaration",
        Buffer.from(`<?xml version="1.0"?>\n${svg}`),
        "unsupported-format",
        /SVG/,
      ],
      ["a document", Buffer.from("%PDF-1.7\n"), "unsupported-format", /PDF/],
      [
        "HEIC",
        ftyp("heic", "mif1", "heic"),
        "unsupported-format",
        /HEIC photo, .* camera is set to "Most Compatible"\. Convert it to one of these: JPEG/,
      ],
      ["HEIC by a compatible brand", ftyp("mif1", "mif1", "heic"), "unsupported-format", /HEIC/],
      ["a video", ftyp("isom", "isom", "mp41"), "unsupported-format", /video/],
      ["BMP", Buffer.from("BM\0\0\0\0"), "unsupported-format", /BMP/],
      ["JPEG XL", Buffer.from("ff0a0000", "hex"), "unsupported-format", /JPEG XL/],
      ["an AVIF that is only a header", ftyp("avif", "mif1"), "corrupt", /AVIF.*damaged/],
      ["three bytes of JPEG", Buffer.from("ffd8ff", "hex"), "truncated", /JPEG.*breaks off/],
      ["a signature of PNG with junk", Buffer.from("89504e470d0a1a0a00", "hex"), "truncated", /PNG.*breaks off/],
    ];
    for (const [what, body, cause, reason] of files) {
      it(`${what}: ${cause}`, async () => {
        const inspection = await inspected(body, limits);
        expect(inspection).to.include({ ok: false, cause });
        expect("reason" in inspection && inspection.reason).to.match(reason);
      });
    }

    for (const format of ["jpeg", "png", "webp", "avif", "gif"] as const) {
      it(`${format}, wherever it breaks off`, async () => {
        const body = await image(format);
        for (const part of [0.3, 0.5, 0.9]) {
          const inspection = await inspected(body.subarray(0, body.length * part), limits);
          expect(inspection, `${part} of it`).to.include({ ok: false, cause: "truncated" });
        }
        expect(await inspected(body.subarray(0, -2), limits)).to.include({ cause: "truncated" });
      });
    }

    it("a JPEG that breaks off although its EXIF thumbnail is whole", async () => {
      const body = await image("jpeg");
      const thumbnail = Buffer.concat([Buffer.from("ffe10008", "hex"), Buffer.from("Exif\xff\xd9", "latin1")]);
      const whole = Buffer.concat([body.subarray(0, 2), thumbnail, body.subarray(2)]);
      expect(await inspected(whole, limits)).to.include({ ok: true });
      expect(await inspected(whole.subarray(0, -2), limits)).to.include({ cause: "truncated" });
    });

    it("more pixels than are allowed, from the header alone", async () => {
      const bomb = await pngOfSize(50_000, 50_000);
      const inspection = await inspected(bomb, limits);
      expect(inspection).to.deep.equal({
        ok: false,
        cause: "too-many-pixels",
        reason:
          "The image has 50000 × 50000 pixels, 2500000000 in all; at most 100000000 are allowed. Send it scaled down.",
      });
      expect(await inspected(await pngOfSize(10_000, 10_000), limits)).to.include({ ok: true });
    });

    it("a GIF whose frame reaches beyond its screen, by the frame's pixels", async () => {
      const gif = await image("gif");
      gif.writeUInt16LE(60_000, gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0])) + 7); // its height
      expect((await sharp(gif, { limitInputPixels: false }).metadata()).height).to.equal(60_000);
      expect(await inspected(gif, { ...limits, maxPixels: 3_000_000 })).to.include({ cause: "too-many-pixels" });
    });

    it("a file of one format whose header is of another", async () => {
      const png = await image("png");
      const jpeg = await image("jpeg");
      png.copy(jpeg, 0, 0, 8);
      expect(await inspected(jpeg, limits)).to.include({ ok: false });
    });

    it("more bytes than are allowed", async () => {
      const body = await image("jpeg");
      const inspection = await inspected(body, { ...limits, maxBytes: body.length - 1 });
      expect(inspection).to.include({ ok: false, cause: "too-large" });
      expect(await inspected(body, { ...limits, maxBytes: body.length })).to.include({ ok: true });
    });

    it("a format that is not configured, and names those that are", async () => {
      const inspection = await inspected(await image("gif"), { ...limits, acceptedFormats: ["jpeg", "webp"] });
      expect(inspection).to.deep.equal({
        ok: false,
        cause: "unsupported-format",
        reason: "GIF images are not accepted here. Convert it to one of these: JPEG, WebP.",
      });
    });
  });

  it("never tells fewer pixels than sharp would decode, however a file is damaged", async () => {
    const files = await Promise.all(limits.acceptedFormats.map(image));
    const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
        const body = Buffer.from(file);
        for (const [at, value] of changes) body[at % body.length] = value;
        const inspection = await inspected(body, { ...limits, maxPixels: Infinity });
        const header = await sharp(body, { limitInputPixels: false })
          .metadata()
          .catch(() => undefined);
        if (!inspection.ok || header === undefined) return;
        expect(inspection.width * inspection.height).to.be.at.least(header.width * header.height);
      }),
      { numRuns: 500 },
    );
  });
});
