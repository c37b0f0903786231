import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { hardenSharp } from "../../../handlers/image/harden";
import { inspectImage } from "../../../handlers/image/inspect";
import type { ImageFormat, UploadLimits } from "../../../handlers/imageTypes";
import { corners, ftyp, pngOfSize } from "./files";

const limits: UploadLimits = {
  acceptedFormats: ["jpeg", "png", "webp", "avif", "gif", "tiff"],
  acceptedExtensions: [],
  maxBytes: 10_000_000,
  maxPixels: 100_000_000,
};

/** A small image of each format. */
const image = async (format: ImageFormat) => corners().toFormat(format).toBuffer();

describe("inspectImage", () => {
  before(hardenSharp);

  describe("accepts", () => {
    for (const format of limits.acceptedFormats) {
      it(`${format}, by its content`, async () => {
        const body = await image(format);
        expect(await inspectImage(body, limits)).to.deep.equal({ ok: true, format, width: 64, height: 48 });
      });
    }

    it("a photo of 12 megapixels, whose sides it gives after EXIF orientation", async () => {
      const photo = readFileSync(join(__dirname, "../../photos/p12-o6p3n.jpg"));
      expect(await inspectImage(photo, limits)).to.deep.equal({ ok: true, format: "jpeg", width: 3024, height: 4032 });
    });

    it("an animation, with the sides of one frame", async () => {
      const frames = await corners(64, 96).raw().toBuffer();
      const { default: sharp } = await import("sharp");
      const gif = await sharp(frames, { raw: { width: 64, height: 96, channels: 3, pageHeight: 48 } })
        .gif({ delay: [100, 100], loop: 0 })
        .toBuffer();
      expect(await inspectImage(gif, limits)).to.deep.equal({ ok: true, format: "gif", width: 64, height: 48 });
    });

    it("a JPEG with a script behind its end: its renditions are clean, its original is never shown", async () => {
      const polyglot = Buffer.concat([await image("jpeg"), Buffer.from("<script>alert(1)</script>")]);
      expect(await inspectImage(polyglot, limits)).to.include({ ok: true, format: "jpeg" });
    });

    it("a view of a larger buffer", async () => {
      const png = await image("png");
      const around = new Uint8Array(png.length + 100);
      around.set(png, 50);
      expect(await inspectImage(around.subarray(50, 50 + png.length), limits)).to.include({ ok: true, format: "png" });
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
      ["HEIC", ftyp("heic", "mif1", "heic"), "unsupported-format", /HEIC.*Convert/],
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
        const inspection = await inspectImage(body, limits);
        expect(inspection).to.include({ ok: false, cause });
        expect("reason" in inspection && inspection.reason).to.match(reason);
      });
    }

    for (const format of ["jpeg", "png", "webp", "avif", "gif"] as const) {
      it(`${format}, wherever it breaks off`, async () => {
        const body = await image(format);
        for (const part of [0.3, 0.5, 0.9]) {
          const inspection = await inspectImage(body.subarray(0, body.length * part), limits);
          expect(inspection, `${part} of it`).to.include({ ok: false, cause: "truncated" });
        }
        expect(await inspectImage(body.subarray(0, -2), limits)).to.include({ cause: "truncated" });
      });
    }

    it("a JPEG that breaks off although its EXIF thumbnail is whole", async () => {
      const body = await image("jpeg");
      const thumbnail = Buffer.concat([Buffer.from("ffe10008", "hex"), Buffer.from("Exif\xff\xd9", "latin1")]);
      const whole = Buffer.concat([body.subarray(0, 2), thumbnail, body.subarray(2)]);
      expect(await inspectImage(whole, limits)).to.include({ ok: true });
      expect(await inspectImage(whole.subarray(0, -2), limits)).to.include({ cause: "truncated" });
    });

    it("a file of one format that claims to be another", async () => {
      const png = await image("png");
      png.fill(0, 16, 24); // sides of nought
      expect(await inspectImage(png, limits)).to.include({ ok: false, cause: "corrupt" });
    });

    it("more pixels than are allowed, from the header alone", async () => {
      const bomb = await pngOfSize(50_000, 50_000);
      const inspection = await inspectImage(bomb, limits);
      expect(inspection).to.deep.equal({
        ok: false,
        cause: "too-many-pixels",
        reason:
          "The image has 50000 × 50000 pixels, 2500000000 in all; at most 100000000 are allowed. Send it scaled down.",
      });
      expect(await inspectImage(await pngOfSize(10_000, 10_000), limits)).to.include({ ok: true });
    });

    it("more bytes than are allowed", async () => {
      const body = await image("jpeg");
      const inspection = await inspectImage(body, { ...limits, maxBytes: body.length - 1 });
      expect(inspection).to.include({ ok: false, cause: "too-large" });
      expect(await inspectImage(body, { ...limits, maxBytes: body.length })).to.include({ ok: true });
    });

    it("a format that is not configured, and names those that are", async () => {
      const inspection = await inspectImage(await image("gif"), { ...limits, acceptedFormats: ["jpeg", "webp"] });
      expect(inspection).to.deep.equal({
        ok: false,
        cause: "unsupported-format",
        reason: "GIF images are not accepted here. Convert it to one of these: JPEG, WebP.",
      });
    });
  });
});
