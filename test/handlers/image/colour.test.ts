import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { corners, cornersOf } from "./files";
import { pixelsIn, renditionsOf, spec } from "../../../tools/bench";

type Colour = [number, number, number];

/** A plain picture of one colour. */
const plain = (background: sharp.Color, channels: 3 | 4 = 3) =>
  sharp({ create: { width: 128, height: 96, channels, background } });

/** The colour in the middle of the PNG rendition of an original. */
async function rendered(original: Buffer, format: "png" | "jpeg" = "png"): Promise<Colour> {
  const [made] = await renditionsOf(original, [spec(32, format)]);
  const pixels = await pixelsIn(made!.body);
  return [...pixels.subarray(3 * (16 + 12 * 32)).subarray(0, 3)] as Colour;
}

function expectColour(actual: Colour, expected: Colour, tolerance: number): void {
  const distance = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  expect(distance, `${actual.join()} against ${expected.join()}`).to.be.at.most(tolerance);
}

describe("colours of renditions", () => {
  before(hardenSharp);

  for (const stored of [
    [128, 128, 128],
    [180, 90, 60],
    [90, 140, 200],
  ] as Colour[]) {
    for (const orientation of [1, 6]) {
      it(`shows Display P3 ${stored.join()} as its equal in sRGB, orientation ${orientation}`, async () => {
        const [r, g, b] = stored;
        const tagged = await attach("p3", await plain({ r, g, b }).png().toBuffer(), orientation);
        expectColour(await rendered(tagged), p3ToSrgb(stored), 2);
      });
    }
  }

  it("brings grey of 16 bits down to 8", async () => {
    const original = await plain({ r: 99, g: 99, b: 99 }).toColourspace("grey16").png().toBuffer();
    expect((await sharp(original).metadata()).depth).to.equal("ushort");
    expectColour(await rendered(original), [99, 99, 99], 1);
  });

  it("reads a palette", async () => {
    const original = await corners().png({ palette: true }).toBuffer();
    const [made] = await renditionsOf(original, [spec(32, "jpeg")]);
    expect(await cornersOf(made!.body)).to.equal("rgwb");
  });

  it("lets colours under full transparency not darken edges", async () => {
    const white = await plain("white").png().toBuffer();
    const original = await sharp({ create: { width: 256, height: 96, channels: 4, background: "#00000000" } })
      .composite([{ input: white, left: 128, top: 0 }])
      .png()
      .toBuffer();
    const [made] = await renditionsOf(original, [spec(21, "jpeg")]);
    expect(Math.min(...(await pixelsIn(made!.body)))).to.be.at.least(250);
  });
});

/** By the two spaces' primaries (SMPTE EG 432-1 and IEC 61966-2-1), which share curve and white. */
function p3ToSrgb(colour: Colour): Colour {
  const [r = 0, g = 0, b = 0] = colour.map((value) => {
    const x = value / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const linear = [1.2249 * r - 0.2247 * g, -0.042 * r + 1.0419 * g, -0.0197 * r - 0.0786 * g + 1.0979 * b];
  return linear.map((x) => Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055))) as Colour;
}

/** Gives a PNG a colour profile without converting its colours, by way of a profile chunk taken from another. */
async function attach(name: string, png: Buffer, orientation: number): Promise<Buffer> {
  const tagged = await plain("red").withMetadata({ icc: name, orientation }).png().toBuffer();
  const chunks = chunksOf(tagged).filter(([type]) => ["iCCP", "eXIf"].includes(type));
  const header = png.subarray(0, 33); // the signature and IHDR
  return Buffer.concat([header, ...chunks.map(([, bytes]) => bytes), png.subarray(33)]);
}

function chunksOf(png: Buffer): [type: string, bytes: Buffer][] {
  const chunks: [string, Buffer][] = [];
  for (let offset = 8; offset < png.length;) {
    const end = offset + 12 + png.readUInt32BE(offset);
    chunks.push([png.toString("latin1", offset + 4, offset + 8), png.subarray(offset, end)]);
    offset = end;
  }
  return chunks;
}
