import { ascii, times, u8 } from "./bytes";
import * as exif from "./exif";
import { filesOf, type HostileFile } from "./file";
import * as icc from "./icc";
import * as jpeg from "./jpeg";
import { flat, noise } from "./pictures";

const file = filesOf("jpg");
const small = () => noise(160, 120).jpeg({ quality: 90 }).toBuffer();
const progressive = () => noise(160, 120).jpeg({ quality: 90, progressive: true }).toBuffer();
/** The first part of a file, and an end mark. */
const cut = (body: Buffer, part: number) => Buffer.concat([body.subarray(0, body.length * part), jpeg.END]);
const atScan = (body: Buffer, number: number) => {
  let at = 0;
  for (let i = 0; i < number; i++) at = body.indexOf(u8(0xff, 0xda), at + 1);
  return Buffer.concat([body.subarray(0, at), jpeg.END]);
};
/** Zeros in place of the last part of the data, or behind it. */
const zeroed = (body: Buffer, part: number) =>
  Buffer.from(body).fill(0, Math.floor(body.length * part), body.length - 2);
const padded = (body: Buffer, zeros: number) =>
  Buffer.concat([body.subarray(0, -2), Buffer.alloc(zeros), body.subarray(-2)]);
/** One byte of the frame's header is another. */
const inFrame = (body: Buffer, offset: number, value: number) => {
  const copy = Buffer.from(body);
  copy[copy.indexOf(u8(0xff, 0xc0)) + offset] = value;
  return copy;
};
const segments = (count: number, kind: number, content: Buffer) =>
  jpeg.behindStart(jpeg.baseline(64, 64), times(count, jpeg.segment(kind, content)));

export const jpegFiles = (): HostileFile[] => [
  ...[2500, 100].map((count) =>
    file(`${count} scans of 100 MP`, count > 100 ? "FAILED" : undefined, () => jpeg.scans(10_000, 10_000, count)),
  ),
  file("25 scans of 100 MP", "READY", () => jpeg.scans(10_000, 10_000, 25)),
  file("700,000 scans of 8 by 8", undefined, () => jpeg.scans(8, 8, 700_000)),
  file("sequential, 2500 scans of 100 MP", "not READY", () => jpeg.scans(10_000, 10_000, 2500, jpeg.BASELINE)),
  ...[jpeg.BASELINE, jpeg.PROGRESSIVE].flatMap((kind) =>
    [0, 1, 65_535].map((side) =>
      file(`${kind.toString(16)}, ${side} by 65,535`, side === 1 ? "not READY" : "REJECTED", () =>
        Buffer.concat([jpeg.START, jpeg.tables(0), jpeg.frame(kind, side, 65_535, 1), jpeg.scan([1], 0, 63), jpeg.END]),
      ),
    ),
  ),
  file("10000 by 9999 over data of 64 by 64", "FAILED", () => jpeg.baseline(10_000, 9_999, 1, Buffer.alloc(16))),
  file("10000 by 9999, three components, over a few bytes", "FAILED", () =>
    jpeg.baseline(10_000, 9_999, 3, Buffer.alloc(99)),
  ),
  ...[0.3, 0.5, 0.9].flatMap((part) => [
    file(`cut at ${part}, with an end mark`, "not READY", async () => cut(await small(), part)),
    file(`progressive, cut at ${part}, with an end mark`, "not READY", async () => cut(await progressive(), part)),
  ]),
  file("zeros from its middle on, with an end mark", "FAILED", async () => zeroed(await small(), 0.5)),
  file("optimised tables, zeros from its middle on, with an end mark", "FAILED", async () =>
    zeroed(await noise(160, 120).jpeg({ quality: 90, optimiseCoding: true }).toBuffer(), 0.5),
  ),
  file("1 MB of zeros before its end mark", "READY", async () => padded(await small(), 1_000_000)),
  ...[1, 2, 5, 8].map((number) =>
    file(`progressive, cut before scan ${number}, with an end mark`, number < 8 ? "REJECTED" : undefined, async () =>
      atScan(await progressive(), number),
    ),
  ),
  file("without two of its components", "REJECTED", () =>
    Buffer.concat([
      jpeg.START,
      jpeg.tables(0),
      jpeg.frame(jpeg.BASELINE, 64, 64, 3),
      jpeg.scan([1], 0, 63),
      Buffer.alloc(16),
      jpeg.END,
    ]),
  ),
  ...[0xc1, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xcf].map((kind) =>
    file(`frame of kind ${kind.toString(16)}`, kind === 0xc1 ? "READY" : "REJECTED", async () =>
      inFrame(await small(), 1, kind),
    ),
  ),
  ...[0, 1, 7, 9, 12, 16, 255].map((bits) =>
    file(`of ${bits} bits`, "REJECTED", async () => inFrame(await small(), 4, bits)),
  ),
  ...[0, 2, 4, 5, 255].map((count) =>
    file(`${count} components`, "not READY", async () => inFrame(await small(), 9, count)),
  ),
  ...[0x00, 0x14, 0x41, 0x44, 0xff].map((factors) =>
    file(`sampling ${factors.toString(16)}`, undefined, async () => inFrame(await small(), 11, factors)),
  ),
  file("CMYK of 100 MP", "READY", () => jpeg.baseline(10_000, 10_000, 4)),
  file("CMYK of an A4 page at 600 dots per inch", "READY", () => jpeg.baseline(4_960, 7_016, 4)),
  file("CMYK of 30 MP", "READY", () => jpeg.baseline(5_500, 5_500, 4)),
  file("39 refinements of 50 MP", undefined, () => jpeg.refined(7_000, 7_000, 3)),
  file("39 refinements of 30 MP", "READY", () => jpeg.refined(5_400, 5_400, 3)),
  file("65,501 by 8", "REJECTED", () => jpeg.baseline(65_501, 8)),
  file("65,500 by 8", "READY", () => jpeg.baseline(65_500, 8)),
  file("2,000,000 comments", "REJECTED", () => segments(2_000_000, 0xfe, ascii("a"))),
  file("1,000,000 EXIF blocks", "REJECTED", () => segments(1_000_000, 0xe1, ascii("Exif\0\0"))),
  file("50,000 Huffman tables", "REJECTED", () =>
    jpeg.behindStart(jpeg.baseline(64, 64), times(50_000, jpeg.tables(0))),
  ),
  file("150 blocks of XMP", undefined, () =>
    segments(150, 0xe1, Buffer.concat([ascii("http://ns.adobe.com/xap/1.0/\0"), Buffer.alloc(65_000, 32)])),
  ),
  file("EXIF of 5000 tags", "READY", () => jpeg.withExif(jpeg.baseline(64, 64), exif.manyTags(5000))),
  file("EXIF in a circle", "READY", () => jpeg.withExif(jpeg.baseline(64, 64), exif.circle())),
  file("EXIF directories that lead to each other", "FAILED", () =>
    jpeg.withExif(jpeg.baseline(64, 64), exif.leadingOn(40)),
  ),
  file("EXIF orientation of 32 bits", "READY", () => jpeg.withExif(jpeg.baseline(64, 48), exif.longOrientation(6))),
  ...[0, 9, 255].map((value) =>
    file(`EXIF orientation ${value}`, "READY", () => jpeg.withExif(jpeg.baseline(64, 48), exif.orientation(value))),
  ),
  file("profile of 100,000 steps", undefined, () =>
    jpeg.withProfile(
      jpeg.baseline(64, 64, 3),
      icc.profile([
        ["D2B0", icc.pipeline(100_000)],
        ["A2B0", icc.table(9)],
      ]),
    ),
  ),
  file("profile of 8 MB", "READY", () =>
    jpeg.withProfile(jpeg.baseline(64, 64, 3), icc.profile([["A2B0", icc.table(110)]])),
  ),
  file("profile with a large table, 100 MP", undefined, () =>
    jpeg.withProfile(jpeg.baseline(10_000, 10_000, 3), icc.profile([["A2B0", icc.table(80)]])),
  ),
  file("profile cut short", "READY", async () =>
    jpeg.withProfile(await small(), icc.profile([["A2B0", icc.table(9)]]).subarray(0, 150)),
  ),
  ...[0, 2].map((version) =>
    file(`version ${version} of JFIF`, "READY", async () =>
      jpeg.behindStart(
        await small(),
        jpeg.segment(0xe0, Buffer.concat([ascii("JFIF\0"), u8(version, 1, 0, 0, 1, 0, 1, 0, 0)])),
      ),
    ),
  ),
  ...[2, 255].map((colours) =>
    file(`colours of kind ${colours} in Adobe's mark`, "READY", async () =>
      jpeg.behindStart(
        await small(),
        jpeg.segment(0xee, Buffer.concat([ascii("Adobe"), u8(0, 100, 0, 0, 0, 0, colours)])),
      ),
    ),
  ),
  file("bytes between the segments", "READY", async () => {
    const body = await small();
    return Buffer.concat([body.subarray(0, 20), u8(1, 2, 3), body.subarray(20)]);
  }),
  file("a script behind it", "READY", async () => Buffer.concat([await small(), ascii("<script>alert(1)</script>")])),
  file("a page in a comment", "READY", async () =>
    jpeg.behindStart(await small(), jpeg.segment(0xfe, ascii("*/--><html><script>alert(1)</script><!--"))),
  ),
  file("restarts that do not count", undefined, async () => {
    const body = await small();
    const at = body.indexOf(u8(0xff, 0xda));
    return Buffer.concat([body.subarray(0, at), jpeg.segment(0xdd, u8(0, 1)), body.subarray(at)]);
  }),
  file("100 MP, progressive, full colours", "READY", () =>
    flat(10_000, 10_000).jpeg({ quality: 50, progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
  ),
];
