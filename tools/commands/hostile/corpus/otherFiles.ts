import { ascii, times, u16, u32, u8 } from "./bytes";
import { filesOf, type HostileFile } from "./file";
import { flat, noise } from "./pictures";
import * as exif from "./exif";
import { END, frame, gifAnimation, screen } from "./gif";
import * as jpeg from "./jpeg";

const gif = filesOf("gif");
const tiff = filesOf("tiff");

/** Widths, bits, compression, kind of colour, place, samples, rows, bytes: one strip of these bytes. */
const strip = (
  width: number,
  height: number,
  bits: number,
  compression: number,
  colour: number,
  samples: number,
  data: Buffer,
) => {
  const entries: [number, number, number, number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, bits * 65_536],
    [259, 3, 1, compression * 65_536],
    [262, 3, 1, colour * 65_536],
    [273, 4, 1, 0],
    [277, 3, 1, samples * 65_536],
    [278, 4, 1, height],
    [279, 4, 1, data.length],
  ];
  const place = exif.directory(entries).length;
  return Buffer.concat([exif.directory(entries.map((entry) => (entry[0] === 273 ? [273, 4, 1, place] : entry))), data]);
};

export const otherFiles = (): HostileFile[] => [
  gif("600,000 frames", "not decoded", () => gifAnimation(600_000, 1, 1)),
  gif("3000 frames", undefined, () => gifAnimation(3_000, 1, 1)),
  gif("65,535 by 65,535", "REJECTED", () => Buffer.concat([screen(65_535, 65_535), frame(1, 1), END])),
  gif("a frame beyond its screen", "REJECTED", () => Buffer.concat([screen(1, 1), frame(65_535, 65_535), END])),
  gif("a frame far outside", undefined, () => Buffer.concat([screen(9, 9), frame(1, 1, 60_000), END])),
  gif("100 MP of one pixel's data", undefined, () =>
    Buffer.concat([screen(10_000, 10_000), frame(10_000, 10_000), END]),
  ),
  gif("2,000,000 comments", undefined, () =>
    Buffer.concat([screen(1, 1), times(2_000_000, u8(0x21, 0xfe, 0)), frame(1, 1), END]),
  ),
  gif("no frame", "not READY", () => Buffer.concat([screen(9, 9), END])),
  tiff("directories in a circle", "REJECTED", () =>
    exif.directory(
      [256, 257].map((tag) => [tag, 4, 1, 9]),
      8,
    ),
  ),
  tiff("directories one in another", "REJECTED", () => {
    const body = Buffer.alloc(9_000_000, 0);
    ascii("MM\0*\0\0\0\x08").copy(body);
    for (let at = 8; at + 400_000 < body.length; at += 14) body.writeUInt16BE(20_000, at);
    return body;
  }),
  tiff("1 by 65,535", "REJECTED", () => strip(1, 65_535, 8, 1, 1, 1, Buffer.alloc(65_535))),
  tiff("100 MP", "REJECTED", () => strip(10_000, 10_000, 8, 1, 1, 1, Buffer.alloc(9))),
  tiff("25 MP of 64 bits and four samples over a few bytes", "not READY", () =>
    strip(5_000, 5_000, 64, 8, 2, 4, Buffer.alloc(9)),
  ),
  tiff("progressive JPEG of 25 MP inside", undefined, () =>
    strip(5_000, 5_000, 8, 7, 1, 1, jpeg.scans(5_000, 5_000, 20_000)),
  ),
  tiff("25 MP of colours", "READY", () => flat(5_000, 5_000).tiff({ compression: "deflate" }).toBuffer()),
  ...[0, 2, 5, 6, 7, 8, 99, 34_712, 34_925, 50_000, 50_001].map((compression) =>
    tiff(`compression ${compression} over noise`, undefined, async () => {
      const data = await noise(64, 64).raw().toBuffer();
      return strip(64, 64, 8, compression, 2, 3, data);
    }),
  ),
  ...[0, 1, 3, 5, 12, 16, 32, 64, 65_535].map((bits) =>
    tiff(`of ${bits} bits`, undefined, () => strip(64, 64, bits, 1, 1, 1, Buffer.alloc(64 * 64 * 8))),
  ),
  ...(
    [
      ["empty", ""],
      ["one byte", "\xff"],
      ["start of a JPEG", "\xff\xd8\xff"],
      ["text", "I am a letter"],
      ["drawing", '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a" id="a"/></svg>'],
      ["page", "<!doctype html><script>alert(1)</script>"],
      ["document", "%PDF-1.7\n1 0 obj"],
      ["archive", "PK\x03\x04\x14\x00\x00\x00"],
      ["program", "\x7fELF\x02\x01\x01\x00"],
      ["PostScript", "%!PS-Adobe-3.0 EPSF-3.0\n"],
      ["HEIC without content", "\0\0\0\x18ftypheic\0\0\0\0heicmif1"],
      ["AVIF without content", "\0\0\0\x18ftypavif\0\0\0\0avifmif1"],
    ] as const
  ).map(([what, text]) => filesOf("jpg")(what, "REJECTED", () => ascii(text))),
  filesOf("jpg")("10 MB of ff", "REJECTED", () => Buffer.concat([u8(0xff, 0xd8), Buffer.alloc(10_000_000, 0xff)])),
  filesOf("jpg")("10 MB of brackets", "REJECTED", () => Buffer.concat([u16(0x2020), Buffer.alloc(10_000_000, "<!--")])),
  filesOf("avif")("10 MB of zeros", "REJECTED", () =>
    Buffer.concat([u32(12), ascii("ftypavif"), Buffer.alloc(10_000_000)]),
  ),
];
