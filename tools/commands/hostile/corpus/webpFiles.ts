import { ascii, times, u8 } from "./bytes";
import * as exif from "./exif";
import { filesOf, type HostileFile } from "./file";
import * as icc from "./icc";
import { flat, noise } from "./pictures";
import * as webp from "./webp";

const file = filesOf("webp");
const extended = (flags: number, ...more: Buffer[]) =>
  webp.riff(webp.extended(flags, 9, 9), webp.lossless(9, 9), ...more);
/** Zeros from the middle on, or cut there with lengths that agree. */
const cut = async (lossless: boolean) => {
  const body = await noise(160, 120).webp({ lossless }).toBuffer();
  const part = Buffer.from(body.subarray(0, (body.length >> 2) * 2));
  part.writeUInt32LE(part.length - 8, 4);
  part.writeUInt32LE(part.length - 20, 16);
  return part;
};

export const webpFiles = (): HostileFile[] => [
  ...[225_000, 30_000].map((count) => file(`${count} frames of 1 by 1`, "FAILED", () => webp.animation(count, 1, 1))),
  file("3000 frames of 1 by 1", "READY", () => webp.animation(3_000, 1, 1)),
  file("a frame of 1 by 1 on 100 MP", undefined, () => webp.animation(1, 10_000, 1)),
  file("a frame of 1 by 1 on 79 MP", "READY", () => webp.animation(1, 8_900, 1)),
  file("a frame of 79 MP", "READY", () => webp.animation(1, 8_900, 8_900)),
  file("20 frames of 79 MP", "READY", () => webp.animation(20, 8_900, 8_900)),
  file("a frame larger than its canvas", "not READY", () => webp.animation(1, 10, 10_000)),
  file("16,383 by 16,383", "REJECTED", () => webp.riff(webp.lossless(16_383, 16_383))),
  file("16,384 by 16,384 in its canvas alone", "REJECTED", () =>
    webp.riff(webp.extended(0, 16_384, 16_384), webp.lossless(9, 9)),
  ),
  file("a canvas smaller than its picture", "not READY", () =>
    webp.riff(webp.extended(0, 9, 9), webp.lossless(10_000, 10_000)),
  ),
  file("100 MP of one colour", "READY", () => webp.riff(webp.lossless(10_000, 10_000))),
  file("100 MP that are spelled out", undefined, () => webp.riff(webp.spelledOut(10_000, 10_000))),
  file("100 MP with alpha of its own", "FAILED", () =>
    webp.riff(
      webp.extended(webp.ALPHA, 10_000, 10_000),
      webp.chunk("ALPH", Buffer.alloc(9)),
      webp.chunk("VP8 ", Buffer.alloc(30)),
    ),
  ),
  file("42 MP that are spelled out", "READY", () => webp.riff(webp.spelledOut(7_000, 6_000))),
  file("70 MP, 65,536 sets of codes", undefined, () => webp.riff(webp.manySets(10_000, 7_000, 65_536))),
  file("30 MP, 65,536 sets of codes", "READY", () => webp.riff(webp.manySets(10_000, 3_000, 65_536))),
  ...[7_000, 1_500].map((height) =>
    file(
      `${height / 100} MP, 65,536 sets of codes for its transparency`,
      height > 1_500 ? undefined : "READY",
      async () => {
        const picture = (await flat(10_000, height).webp().toBuffer()).subarray(12);
        const head = webp.extended(webp.ALPHA, 10_000, height);
        return webp.riff(head, webp.manySets(10_000, height, 65_536, true), picture);
      },
    ),
  ),
  ...[false, true].map((lossless) =>
    file(`${lossless ? "lossless " : ""}noise with transparency, 2500 by 2500`, undefined, () =>
      noise(2_500, 2_500, 4).webp({ lossless, effort: 0 }).toBuffer(),
    ),
  ),
  file("predicted 200 times", "FAILED", () => webp.riff(webp.predicted(200))),
  file("a picture of 2 GB", "FAILED", async () => {
    const body = await noise(160, 120).webp().toBuffer();
    body.writeUInt32LE(0x7ffffff0, 16);
    return body;
  }),
  file("1,000,000 unknown chunks", "READY", () => extended(0, times(1_000_000, webp.chunk("abcd", Buffer.alloc(0))))),
  file("1,000,000 EXIF chunks", "READY", () =>
    extended(webp.EXIF, times(1_000_000, webp.chunk("EXIF", Buffer.alloc(0)))),
  ),
  file("XMP of 10 MB", "READY", () => extended(webp.XMP, webp.chunk("XMP ", Buffer.alloc(10_000_000, 32)))),
  file("EXIF of 60,000 tags", "READY", () => extended(webp.EXIF, webp.chunk("EXIF", exif.manyTags(60_000)))),
  file("EXIF in a circle", "READY", () => extended(webp.EXIF, webp.chunk("EXIF", exif.circle()))),
  file("EXIF directories that lead to each other", "FAILED", () =>
    extended(webp.EXIF, webp.chunk("EXIF", exif.leadingOn(40))),
  ),
  file("profile of 100,000 steps", "FAILED", () =>
    webp.riff(
      webp.extended(webp.ICC, 9, 9),
      webp.chunk(
        "ICCP",
        icc.profile([
          ["D2B0", icc.pipeline(100_000)],
          ["A2B0", icc.table(9)],
        ]),
      ),
      webp.lossless(9, 9),
    ),
  ),
  file("lossy, cut with lengths that agree", "not READY", () => cut(false)),
  file("lossless, cut with lengths that agree", "not READY", () => cut(true)),
  ...[1, 4, 12].map((bytes) =>
    file(`a frame with ${bytes} bytes behind its picture`, "not READY", () =>
      webp.animation(2, 9, 9, Buffer.concat([webp.lossless(9, 9), Buffer.alloc(bytes)])),
    ),
  ),
  file("a frame that breaks off before its picture", "not READY", () => webp.animation(2, 9, 9, ascii("VP8"))),
  file("an animation without frames", "not READY", () =>
    webp.riff(webp.extended(webp.ANIMATION, 9, 9), webp.chunk("ANIM", Buffer.alloc(6))),
  ),
  file("no picture", "not READY", () => webp.riff(webp.extended(0, 9, 9))),
  file("all flags", undefined, () => webp.riff(webp.extended(0xff, 9, 9), webp.lossless(9, 9))),
  file("a script behind it", "READY", () =>
    Buffer.concat([webp.riff(webp.lossless(9, 9)), ascii("<script>alert(1)</script>")]),
  ),
  ...[0, 4, 0x7fffffff, 0xffffffff].map((length) =>
    file(`its length is ${length}`, undefined, () => {
      const body = webp.riff(webp.lossless(9, 9));
      body.writeUInt32LE(length, 4);
      return body;
    }),
  ),
  file("version 7 of lossless", "not READY", () => webp.riff(webp.chunk("VP8L", u8(0x2f, 8, 0, 2, 0xe0, 0, 0, 0)))),
];
