import { ascii, times, u16, u32, u8 } from "./bytes";
import { filesOf, type HostileFile } from "./file";
import { END, frame, gifAnimation, screen } from "./gif";
import { noise } from "./pictures";

const gif = filesOf("gif");

export const otherFiles = (): HostileFile[] => [
  gif("600,000 frames", undefined, () => gifAnimation(600_000, 1, 1)),
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
  gif("half of its pixels, with all marks of the end", "FAILED", async () => {
    const body = await noise(160, 120).gif().toBuffer();
    // An image descriptor without a palette of its own; its blocks have 255 bytes each.
    const blocks = body.lastIndexOf(u8(0x2c, 0, 0, 0, 0, 160, 0, 120, 0, 0)) + 11;
    return Buffer.concat([body.subarray(0, blocks + 256 * 20), u8(0, 0x3b)]);
  }),
  gif("no frame", "not READY", () => Buffer.concat([screen(9, 9), END])),
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
