import { deflateSync, crc32 } from "node:zlib";
import { expect } from "chai";
import sharp from "sharp";
import { hardenSharp } from "../../../handlers/image/harden";
import { makeRenditions } from "../../../handlers/image/renditions";
import type { Rendition } from "../../../handlers/imagePorts";
import { spec } from "../../../tools/bench";
import { corners, cornersOf } from "./files";

const made = async (body: Buffer, animated?: true) => {
  const renditions: Rendition[] = [];
  const specs = [spec(200, "webp", animated && { animated })];
  const rendered = await makeRenditions(body, specs, async (each) => void renditions.push(each));
  return { ...rendered, renditions };
};

/** Big-endian numbers of two bytes and of four. */
const short = (value: number) => Buffer.of(value >> 8, value & 255);
const long = (value: number) => Buffer.concat([short(value >>> 16), short(value & 0xffff)]);
/** A TIFF structure of one directory: of its entries' values those that are short stand first in their field. */
const directory = (...entries: [tag: number, type: number, value: number][]) =>
  Buffer.concat([
    Buffer.from("MM\0*\0\0\0\x08", "latin1"),
    short(entries.length),
    ...entries.flatMap(([tag, type, value]) => [
      ...[short(tag), short(type), long(1)],
      type === 3 ? Buffer.concat([short(value), short(0)]) : long(value),
    ]),
    long(0),
  ]);

const chunk = (kind: string, content: Buffer) => {
  const body = Buffer.concat([Buffer.from(kind), content]);
  return Buffer.concat([long(content.length), body, long(crc32(body))]);
};
/** The picture of 64 by 48 with an orientation before or behind its pixels. */
const turnedPng = async (type: number, place: "before" | "behind") => {
  const body = await corners().png().toBuffer();
  const at = place === "before" ? 33 : body.length - 12;
  return Buffer.concat([body.subarray(0, at), chunk("eXIf", directory([274, type, 6])), body.subarray(at)]);
};
const turnedJpeg = async (type: number) => {
  const body = await corners().jpeg().toBuffer();
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), directory([274, type, 6])]);
  return Buffer.concat([body.subarray(0, 2), short(0xffe1), short(exif.length + 2), exif, body.subarray(2)]);
};

describe("what is recorded and shown is what the original is:", () => {
  before(hardenSharp);

  for (const [what, body] of [
    ["a PNG with its orientation behind its pixels", () => turnedPng(3, "behind")],
    ["a PNG with an orientation of four bytes", () => turnedPng(4, "before")],
    ["a JPEG with an orientation of four bytes", () => turnedJpeg(4)],
    ["a JPEG that is turned", () => turnedJpeg(3)],
  ] as const)
    it(`${what} has the sides that its renditions have`, async () => {
      const { renditions, ...rendered } = await made(await body());
      const { width, height } = renditions[0]!;
      expect(rendered).to.include({ width, height });
      expect(await cornersOf(renditions[0]!.body)).to.equal(width === 64 ? "rgwb" : "brgw");
    });

  it("a GIF that is shown 65,535 times and once more is shown as often as WebP can say", async () => {
    const frames = await corners(64, 96).raw().toBuffer();
    const body = await sharp(frames, { raw: { width: 64, height: 96, channels: 3, pageHeight: 48 } })
      .gif({ delay: [100, 100], loop: 9 })
      .toBuffer();
    body.writeUInt16LE(65_535, body.indexOf("NETSCAPE2.0") + 13);
    const { undecodable, renditions } = await made(body, true);
    expect(undecodable).to.equal(undefined);
    expect((await sharp(renditions[0]!.body).metadata()).loop).to.equal(65_535);
  });

  /** A TIFF of three planes, each in one strip. */
  const planar = async (coding: number, bits: number, colours: number) => {
    const plane = Buffer.alloc((32 * 32 * bits) / 8, 77);
    const jpeg = () =>
      sharp(plane, { raw: { width: 32, height: 32, channels: 1 } })
        .jpeg()
        .toBuffer();
    const data = coding === 7 ? await jpeg() : deflateSync(plane);
    const entries = (at: number) =>
      directory(
        [256, 4, 32],
        [257, 4, 32],
        [258, 3, bits],
        [259, 3, coding],
        [262, 3, colours],
        [273, 4, at],
        [277, 3, 3],
        [278, 4, 32],
        [279, 4, at + 12],
        [284, 3, 2],
      );
    const head = entries(entries(0).length);
    for (const tag of [273, 279]) head.writeUInt32BE(3, head.indexOf(Buffer.concat([short(tag), short(4)])) + 4);
    const first = head.length + 24;
    const places = [0, 1, 2].map((i) => long(first + i * data.length));
    return Buffer.concat([head, ...places, ...places.map(() => long(data.length)), data, data, data]);
  };

  for (const [what, coding, bits, colours, outcome] of [
    ["deflate", 8, 8, 2, undefined],
    ["deflate, 16 bits", 8, 16, 2, undefined],
    ["JPEG", 7, 8, 2, /not supported/],
    ["deflate, luminance and chroma", 8, 8, 6, /not supported/],
  ] as const)
    it(`a TIFF of separate planes in ${what} is ${outcome ? "called unsupported" : "decoded"}`, async () => {
      const { undecodable } = await made(await planar(coding, bits, colours));
      if (outcome) expect(undecodable).to.match(outcome);
      else expect(undecodable).to.equal(undefined);
    });
});
