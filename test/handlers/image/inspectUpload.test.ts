import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import sharp from "sharp";
import { inspectUpload } from "../../../handlers/image/inspect";
import { imageFormats, widestLimits, type ImageFormat } from "../../../handlers/imageTypes";
import { inspected, uploadOf } from "./files";

const photo = readFileSync(join(__dirname, "../../photos/p12-o6p3n.jpg"));
/** A picture that does not compress: nearly all of its file is pixels. */
async function noise(format: ImageFormat, [width, height] = [300, 200]): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0, x = 1; i < data.length; i++) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    data[i] = x >> 16;
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .toFormat(format, { quality: 95 })
    .toBuffer();
}
/** A segment of application data, of up to 65,533 bytes. */
function app1(bytes: number): Buffer {
  const segment = Buffer.alloc(bytes + 4);
  segment.writeUInt16BE(0xffe1);
  segment.writeUInt16BE(bytes + 2, 2);
  return segment;
}
/** The JPEG with so many segments before its own. */
const withSegments = (count: number, body: Buffer) =>
  Buffer.concat([body.subarray(0, 2), ...Array.from({ length: count }, () => app1(65_000)), body.subarray(2)]);

describe("inspectUpload", () => {
  it("takes a photo in by its start and its end", async () => {
    const upload = uploadOf(photo);
    expect(await inspectUpload(upload, widestLimits)).to.deep.equal(await inspected(photo));
    expect(upload.reads).to.deep.equal([[photo.length - 65_536, photo.length]]);
  });

  for (const format of imageFormats) {
    it(`takes ${format} in without its pixels, as all of its bytes would be`, async () => {
      const body = await noise(format);
      const upload = uploadOf(body, 20_000);
      const inspection = await inspectUpload(upload, widestLimits);
      const whole = await inspected(body);
      expect(inspection).to.include({ ok: true, format });
      // Which way a WebP is turned stands behind its pixels.
      if (format !== "webp") expect(inspection).to.deep.equal(whole);
      expect(upload.reads.length).to.be.below(3);
    });

    it(`comes to the same end about any ${format}, however it is damaged, unless only its pixels tell`, async () => {
      const body = await noise(format, [90, 70]);
      const damage = fc.array(fc.tuple(fc.oneof(fc.nat(400), fc.nat(body.length - 1)), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(damage, fc.nat(body.length), fc.nat(3), async (changes, length, cut) => {
          const file = Buffer.from(cut === 0 ? body.subarray(0, length) : body);
          for (const [at, value] of changes) if (at < file.length) file[at] = value;
          const inspection = await inspectUpload(uploadOf(file, 1024), widestLimits);
          const whole = await inspected(file);
          // A file that its start refuses is refused by all of it; one that it takes in may be FAILED later.
          if (!inspection?.ok) expect(whole.ok).to.equal(false);
        }),
        { numRuns: 200 },
      );
    });
  }

  it("comes to the same end about a PNG without pixels, of which its start is at hand or all", async () => {
    const body = await noise("png", [90, 70]);
    body.write("IDAX", body.indexOf("IDAT"));
    expect(await inspectUpload(uploadOf(body, 1024), widestLimits)).to.deep.equal(await inspected(body));
  });

  it("follows a header that is longer than the start, in ever longer parts", async () => {
    const upload = uploadOf(withSegments(60, photo));
    expect(await inspectUpload(upload, widestLimits)).to.include({ ok: true, width: 3024, height: 4032 });
    expect(upload.reads.length).to.be.below(10);
  });

  it("refuses a header without end, before it has read much", async () => {
    const upload = uploadOf(withSegments(400, photo));
    expect(await inspectUpload(upload, widestLimits)).to.deep.equal({
      ok: false,
      cause: "too-complex",
      reason: "The file's header is longer than 8 MiB. Save it again in another program.",
    });
    expect(upload.reads.reduce((sum, [from, to]) => sum + to - from, 0)).to.be.at.most(8_388_608);
  });

  it("refuses a long file by its first bytes alone, and one that is too large without reading", async () => {
    const text = uploadOf(Buffer.alloc(300_000, "no image "));
    expect(await inspectUpload(text, widestLimits)).to.include({ ok: false, cause: "not-an-image" });
    const large = uploadOf(photo);
    expect(await inspectUpload(large, { ...widestLimits, maxBytes: 1000 })).to.include({ cause: "too-large" });
    expect([...text.reads, ...large.reads]).to.deep.equal([]);
  });

  it("tells from its end that a photo breaks off", async () => {
    const cut = photo.subarray(0, photo.length / 2);
    expect(await inspectUpload(uploadOf(cut), widestLimits)).to.deep.equal(await inspected(cut));
    expect(await inspected(cut)).to.include({ ok: false, cause: "truncated" });
  });

  it("takes a photo in that has a film behind its end", async () => {
    const film = Buffer.alloc(200_000, Buffer.from("00000018ffe0", "hex"));
    const upload = uploadOf(Buffer.concat([photo, film]));
    expect(await inspectUpload(upload, widestLimits)).to.include({ ok: true, format: "jpeg" });
  });

  it("says so when the upload goes meanwhile", async () => {
    const gone = { ...uploadOf(photo), read: () => Promise.resolve(undefined) };
    expect(await inspectUpload(gone, widestLimits)).to.equal(undefined);
  });
});
