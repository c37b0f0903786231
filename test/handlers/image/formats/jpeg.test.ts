import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { readerOfAll } from "../../../../handlers/image/bytes";
import { jpeg, jpegSegments } from "../../../../handlers/image/formats/jpeg";
import { hardenSharp } from "../../../../handlers/image/safety";
import { makeRenditions } from "../../../../handlers/image/renditions";
import type { RenditionSpec } from "../../../../handlers/imageTypes";
import { inspected } from "../files";

const spec: RenditionSpec = { imageType: "i", width: 400, height: 400, fit: "inside", format: "jpeg", quality: 80 };
async function made(original: Buffer): Promise<Buffer | string> {
  let body: Uint8Array = Buffer.alloc(0);
  const { undecodable } = await makeRenditions(original, [spec], (rendition) => (body = rendition.body));
  return undecodable ?? Buffer.from(body);
}
const tidy = (file: Buffer) => jpeg.tidy!(file);
const photo = () => sharp(join(__dirname, "../../../photos/p12.jpg")).resize(300, 200);
const padded = (body: Buffer) => Buffer.concat([body.subarray(0, -2), Buffer.alloc(5_000), body.subarray(-2)]);
const zeroed = (body: Buffer, part: number) =>
  Buffer.from(body).fill(0, Math.floor(body.length * part), body.length - 2);

describe("zeros before a JPEG's end mark", () => {
  before(hardenSharp);

  for (const optimiseCoding of [false, true])
    for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
      const kind = `${chromaSubsampling}, ${optimiseCoding ? "tables of its own" : "usual tables"}`;
      const encoded = (quality: number) => photo().jpeg({ quality, optimiseCoding, chromaSubsampling }).toBuffer();

      it(`are passed over where they pad it: ${kind}`, async () => {
        const body = await encoded(85);
        expect(await made(padded(body))).to.deep.equal(await made(body));
        const film = Buffer.concat([padded(body), Buffer.alloc(3_000), Buffer.from("a film")]);
        expect(await made(film)).to.deep.equal(await made(body));
      });

      it(`tell of pixels that are missing where they stand for these: ${kind}`, async () => {
        for (const part of [0.3, 0.5, 0.8])
          expect(await made(zeroed(await encoded(100), part)), `${part}`).to.match(/breaks off/);
      });
    }

  it("are pixels of a page that is blank below, whose tables were made for it", async () => {
    const page = Buffer.alloc(2_000 * 2_000, 255);
    for (let i = 0; i < 2_000 * 16; i++) page[i] = (i * i) % 255;
    const body = await sharp(page, { raw: { width: 2_000, height: 2_000, channels: 1 } })
      .jpeg({ optimiseCoding: true })
      .toBuffer();
    expect(body.includes(Buffer.alloc(5_000))).to.equal(true);
    expect(tidy(body)).to.equal(body);
    expect(await made(body)).to.be.instanceOf(Buffer);
  });

  it("are not looked for in a photo without them, nor in a progressive one", async () => {
    const body = readFileSync(join(__dirname, "../../../photos/p12.jpg"));
    expect(tidy(body)).to.equal(body);
    const progressive = padded(await photo().jpeg({ progressive: true }).toBuffer());
    expect(tidy(progressive)).to.equal(progressive);
  });
});

describe("a JPEG", () => {
  before(hardenSharp);
  const segment = (kind: number, ...content: (string | number[])[]) => {
    const bytes = Buffer.concat(
      content.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
    );
    return Buffer.concat([Buffer.of(0xff, kind, 0, bytes.length + 2), bytes]);
  };
  /** The photo without the segments of JFIF and Adobe, and with these in their place. */
  const withSegments = (body: Buffer, ...segments: Buffer[]) => {
    const rest = [...jpegSegments(readerOfAll(body))].find(({ kind }) => kind !== 0xe0 && kind !== 0xee)!;
    return Buffer.concat([body.subarray(0, 2), ...segments, body.subarray(rest.start - 4)]);
  };
  const jfif = (major: number) => segment(0xe0, "JFIF\0", [major, 1, 0, 0, 1, 0, 1, 0, 0]);
  const adobe = (transformation: number) => segment(0xee, "Adobe", [0, 100, 0, 0, 0, 0, transformation]);

  it("is the same picture with a later JFIF, and with a transformation that Adobe does not know", async () => {
    const body = await photo().jpeg().toBuffer();
    const expected = await made(withSegments(body, jfif(1)));
    expect(expected).to.be.instanceOf(Buffer);
    for (const segments of [[jfif(2)], [jfif(2), adobe(7)], [adobe(1)], [adobe(2)], [adobe(200)]])
      expect(await made(withSegments(body, ...segments))).to.deep.equal(expected);
  });

  it("of four inks is the same picture with a transformation that Adobe does not know", async () => {
    const body = await photo().toColourspace("cmyk").jpeg().toBuffer();
    const expected = await made(withSegments(body, adobe(2)));
    expect(expected).to.be.instanceOf(Buffer);
    expect(await made(withSegments(body, adobe(9)))).to.deep.equal(expected);
    expect(await made(withSegments(body, adobe(0)))).to.not.deep.equal(expected);
  });

  it("that was cut between its scans is not taken for whole", async () => {
    const body = await photo().jpeg({ progressive: true }).toBuffer();
    const scans = [...jpegSegments(readerOfAll(body))].filter(({ kind }) => kind === 0xda);
    // The last ones refine what is there.
    for (const { start } of scans.slice(1, 5)) {
      const cut = Buffer.concat([body.subarray(0, start - 4), Buffer.of(0xff, 0xd9)]);
      expect(await inspected(cut)).to.include({ ok: false, cause: "truncated" });
      expect(await made(cut)).to.match(/breaks off/);
    }
  });
});

describe("a JPEG's segments", () => {
  const scan = Buffer.of(0xff, 0xda, 0, 2);
  const end = Buffer.of(0xff, 0xd9);

  it("are found behind entropy-coded data, whatever the distances between its stuffed bytes and restarts", () => {
    for (const passedOver of [Buffer.of(0xff, 0), Buffer.of(0xff, 0xd3), Buffer.of(0xff, 0xff, 0xff, 0)]) {
      for (const distance of [0, 1, 2, 15, 16, 17, 1_021, 1_022, 1_023, 1_024, 1_025]) {
        const gap = Buffer.alloc(distance, 0x55);
        const data = Buffer.concat(Array.from({ length: 20 }, () => [gap, passedOver]).flat());
        const file = Buffer.concat([Buffer.of(0xff, 0xd8), scan, data, gap, end]);
        const segments = [...jpegSegments(readerOfAll(file))].map(({ kind, end }) => ({ kind, end }));
        expect(segments, `${passedOver.toString("hex")} each ${distance}`).to.deep.equal([
          { kind: 0xda, end: 6 },
          { kind: 0xd9, end: file.length },
        ]);
      }
    }
  });

  it("are looked for up to the end of a file that lacks one", () => {
    const file = Buffer.concat([Buffer.of(0xff, 0xd8), scan, Buffer.alloc(2_000, 0x55), Buffer.of(0xff)]);
    expect(() => [...jpegSegments(readerOfAll(file))]).to.throw(RangeError);
  });
});
