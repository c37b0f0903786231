import { expect } from "chai";
import sharp, { type Metadata } from "sharp";
import { hardenSharp } from "../../../handlers/image/safety";
import { makeRenditions } from "../../../handlers/image/renditions";
import type { RenditionSpec } from "../../../handlers/imageTypes";
import { psnr, renditionsOf, spec } from "../../../tools/bench";

type Colour = [red: number, green: number, blue: number, alpha?: number];
interface Frame {
  width: number;
  height: number;
  /** RGBA */
  data: Buffer;
}

const moving = (edge: number, format: RenditionSpec["format"] = "webp", more?: Partial<RenditionSpec>) => ({
  ...spec(edge, "webp", { animated: true, quality: 95, ...more }),
  format,
});

/** A frame, coloured pixel by pixel. */
function painted(width: number, height: number, colourAt: (x: number, y: number) => Colour): Frame {
  const pixels = Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue, alpha = 255] = colourAt(i % width, Math.floor(i / width));
    return [red, green, blue, alpha];
  });
  return { width, height, data: Buffer.from(pixels.flat()) };
}
const flat = (...colour: Colour) => painted(96, 64, () => colour);
/** A square that moves over a page, which has few colours for GIF's sake. */
const square = (left: number, on: Colour = [235, 225, 200]) =>
  painted(96, 64, (x, y) =>
    x >= left && x < left + 24 && y >= 20 && y < 44 ? [190, 40, 30] : y < 32 ? on : [40, 60, 120],
  );
const walk = [0, 12, 24, 36, 60].map((left) => square(left));
const timing = { delay: [40, 100, 250, 1000, 20], loop: 3 };

function encoded(frames: Frame[], format: "webp" | "gif", metadata?: (image: sharp.Sharp) => sharp.Sharp) {
  const { width, height } = frames[0]!;
  const all = sharp(Buffer.concat(frames.map(({ data }) => data)), {
    raw: { width, height: height * frames.length, channels: 4, pageHeight: height },
  });
  const image = metadata ? metadata(all) : all;
  const { delay, loop } = { delay: timing.delay.slice(0, frames.length), loop: timing.loop };
  return (
    format === "gif" ? image.gif({ delay, loop }) : image.webp({ delay, loop, lossless: true, exact: true })
  ).toBuffer();
}

async function framesIn(body: Uint8Array): Promise<Frame[]> {
  const { pages = 1 } = await sharp(body).metadata();
  return Promise.all(
    Array.from({ length: pages }, async (_, page) => {
      const { data, info } = await sharp(body, { page }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height };
    }),
  );
}

/** One Lanczos step of one frame. */
const scaledFrame = ({ data, width, height }: Frame, to: { width: number; height: number }) =>
  sharp(data, { raw: { width, height, channels: 4 } })
    .resize({ width: to.width, height: to.height, fit: "fill" })
    .raw()
    .toBuffer();

const motionOf = ({ pages, delay, loop }: Metadata) => ({ pages, delay, loop });

describe("animations", () => {
  before(hardenSharp);

  for (const from of ["webp", "gif"] as const)
    for (const to of ["webp", "gif"] as const)
      it(`${from} to ${to}: keeps every frame, its delay and the loop`, async () => {
        const original = await encoded(walk, from);
        for (const rendition of await renditionsOf(
          original,
          [96, 48, 30].map((edge) => moving(edge, to)),
        )) {
          const header = await sharp(rendition.body).metadata();
          expect(header.format).to.equal(to);
          expect(rendition.format).to.equal(to);
          expect(motionOf(header)).to.deep.equal({ pages: 5, ...timing });
          expect(header).to.include({ width: rendition.width, height: rendition.height });
          const made = await framesIn(rendition.body);
          for (const [i, frame] of walk.entries())
            expect(
              psnr(made[i]!.data, await scaledFrame(frame, rendition)),
              `${rendition.width}, frame ${i}`,
            ).to.be.above(28);
        }
      });

  it("lets no frame shine into the next: each is scaled by itself", async () => {
    const original = await encoded([flat(200, 30, 30), flat(30, 30, 200)], "webp");
    const [made] = await renditionsOf(original, [moving(24)]);
    for (const [i, { data }] of (await framesIn(made!.body)).entries())
      for (let at = 0; at < data.length; at += 4)
        expect([data[at]! > 150, data[at + 2]! > 150]).to.deep.equal([i === 0, i === 1]);
  });

  it("stand still in image types that do not keep them, between those that do, and in the preview", async () => {
    const original = await encoded([flat(200, 30, 30), flat(30, 30, 200), square(0)], "gif");
    const specs = [
      moving(90),
      spec(80, "jpeg"),
      moving(70, "gif"),
      { ...spec(60), format: "auto" as const },
      moving(50),
    ];
    const made = await renditionsOf(original, specs);
    const headers = await Promise.all(made.map(({ body }) => sharp(body).metadata()));
    expect(headers.map(({ format, pages = 1 }) => `${format} ${pages}`)).to.deep.equal([
      "webp 3",
      "jpeg 1",
      "gif 3",
      "jpeg 1",
      "webp 3",
    ]);
    for (const { body } of made) {
      const [first, second] = await framesIn(body);
      expect(first!.data[0]).to.be.above(190);
      if (second) expect(second.data[2]).to.be.above(190);
    }
    const rendered = await makeRenditions(original, specs, () => undefined);
    expect(rendered.preview?.dominantColour).to.match(/^#c[78]1[ef]1[ef]$/);
  });

  it("are WebP in `auto`; a picture that stands still is what it is without `animated`", async () => {
    const formatsOf = async (original: Buffer) =>
      (await renditionsOf(original, [moving(64, "auto"), moving(32, "auto")])).map(({ format }) => format);
    expect(await formatsOf(await encoded(walk, "gif"))).to.deep.equal(["webp", "webp"]);
    expect(await formatsOf(await encoded([walk[0]!], "gif"))).to.deep.equal(["jpeg", "jpeg"]);
    const [still] = await renditionsOf(await encoded([walk[0]!], "webp"), [moving(64, "gif")]);
    expect((await sharp(still!.body).metadata()).pages ?? 1).to.equal(1);
  });

  it("are encoded once for all image types that show the same, and are not the same as what stands still", async () => {
    const sharedBy = async (original: Buffer) => {
      const auto = { ...spec(300), format: "auto" as const, quality: 95 };
      const made = await renditionsOf(original, [moving(200), moving(250), moving(300, "auto"), auto]);
      return made.map(({ sameAs, spec: own }) => (sameAs ?? own).imageType);
    };
    expect(await sharedBy(await encoded(walk, "gif"))).to.deep.equal(["edge200", "edge200", "edge200", "edge300"]);
    expect(await sharedBy(await encoded([walk[0]!], "gif"))).to.deep.equal([
      "edge200",
      "edge200",
      "edge300",
      "edge300",
    ]);
  });

  it("keep their transparency, in whichever frame it is", async () => {
    const original = await encoded([flat(200, 30, 30), flat(0, 0, 0, 0)], "webp");
    for (const { body } of await renditionsOf(original, [moving(96), moving(48), moving(30, "gif")])) {
      const frames = await framesIn(body);
      expect(frames.map(({ data }) => data[3])).to.deep.equal([255, 0]);
    }
  });

  for (let orientation = 1; orientation <= 8; orientation++)
    it(`with EXIF orientation ${orientation} are turned upright, and carry no metadata`, async () => {
      const turn = (image: sharp.Sharp) => image.withMetadata({ orientation }).withXmp("<x:xmpmeta>SECRET</x:xmpmeta>");
      const original = await encoded(walk, "webp", turn);
      const still = ({ data, width, height }: Frame) =>
        sharp(data, { raw: { width, height, channels: 4 } })
          .withMetadata({ orientation })
          .png()
          .toBuffer();
      const [made] = await renditionsOf(original, [moving(96)]);
      const { exif, xmp, icc, pages } = await sharp(made!.body).metadata();
      expect({ exif, xmp, icc, pages }).to.deep.equal({ exif: undefined, xmp: undefined, icc: undefined, pages: 5 });
      expect(Buffer.from(made!.body).includes("SECRET")).to.equal(false);
      for (const [i, frame] of (await framesIn(made!.body)).entries()) {
        const upright = sharp(await still(walk[i]!)).autoOrient();
        const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
        expect([frame.width, frame.height]).to.deep.equal([info.width, info.height]);
        expect(psnr(frame.data, data)).to.be.above(30);
      }
    });

  for (const position of ["centre", "attention", "entropy", "focus"] as const)
    it(`lose the same part of every frame where they are cropped by ${position}`, async () => {
      const frames = [0, 36, 72].map((left) => square(left, [40, 60, 120]));
      const original = await encoded(frames, "webp");
      const made: Uint8Array[] = [];
      const specs = [
        moving(48, "webp", { fit: "cover", position }),
        moving(128, "webp", { fit: "cover", position, enlarge: true }),
      ];
      const focus = { x: 0, y: 0.5 };
      await makeRenditions(original, specs, ({ body }) => made.push(body), focus);
      for (const body of made) {
        const cropped = await framesIn(body);
        const { width, height } = cropped[0]!;
        // Its left edge: where the square of the first frame begins.
        const seen = cropped.map(({ data }) =>
          Array.from({ length: width }, (_, x) => data[4 * (Math.floor(height / 2) * width + x)]! > 120),
        );
        const share = width / 64;
        const corner = { centre: 16, focus: 0, attention: undefined, entropy: undefined }[position];
        const left = corner ?? (seen[0]!.includes(true) ? 0 - seen[0]!.indexOf(true) / share : 0);
        for (const [i, row] of seen.entries())
          for (const [x, isRed] of row.entries()) {
            const at = left + (x + 0.5) / share;
            const begin = [0, 36, 72][i]!;
            const distance = Math.min(Math.abs(at - begin), Math.abs(at - begin - 24));
            if (distance > 2) expect(isRed, `frame ${i}, ${x} of ${width}`).to.equal(at > begin && at < begin + 24);
          }
      }
    });

  it("may show a frame for up to 65,535 ms, the most that sharp takes", async () => {
    const original = await encoded([flat(0, 0, 0), flat(255, 255, 255)], "webp");
    original.writeUIntLE(16_000_000, original.indexOf("ANMF") + 8 + 12, 3);
    expect((await sharp(original).metadata()).delay).to.deep.equal([16_000_000, 100]);
    const [made] = await renditionsOf(original, [moving(48)]);
    expect((await sharp(made!.body).metadata()).delay).to.deep.equal([65_535, 100]);
  });

  it("may be shown 65,535 times, the most that sharp takes", async () => {
    const original = await encoded([flat(0, 0, 0), flat(255, 255, 255)], "gif");
    original.writeUInt16LE(65_535, original.indexOf("NETSCAPE2.0") + 13);
    expect((await sharp(original).metadata()).loop).to.equal(65_536);
    for (const format of ["gif", "webp"] as const) {
      const [made] = await renditionsOf(original, [moving(48, format)]);
      expect((await sharp(made!.body).metadata()).loop).to.equal(65_535);
    }
  });
});
