import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/harden";
import { tidyJpeg } from "../../../handlers/image/jpeg";
import { makeRenditions } from "../../../handlers/image/renditions";
import type { RenditionSpec } from "../../../handlers/imageTypes";

const spec: RenditionSpec = { imageType: "i", width: 400, height: 400, fit: "inside", format: "jpeg", quality: 80 };
async function made(original: Buffer): Promise<Buffer | string> {
  let body: Uint8Array = Buffer.alloc(0);
  const { undecodable } = await makeRenditions(original, [spec], async (rendition) => void (body = rendition.body));
  return undecodable ?? Buffer.from(body);
}
const photo = () => sharp(join(__dirname, "../../photos/p12.jpg")).resize(300, 200);
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
    expect(tidyJpeg(body)).to.equal(body);
    expect(await made(body)).to.be.instanceOf(Buffer);
  });

  it("are not looked for in a photo without them, nor in a progressive one", async () => {
    const body = readFileSync(join(__dirname, "../../photos/p12.jpg"));
    expect(tidyJpeg(body)).to.equal(body);
    const progressive = padded(await photo().jpeg({ progressive: true }).toBuffer());
    expect(tidyJpeg(progressive)).to.equal(progressive);
  });
});
