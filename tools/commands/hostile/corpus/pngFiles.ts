import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { ascii, times, u32, u8 } from "./bytes";
import * as exif from "./exif";
import { filesOf, type HostileFile } from "./file";
import * as icc from "./icc";
import { noise } from "./pictures";
import { chunk, deflatedZeros, emptyBlocks, manyChunks, png } from "./png";

const file = filesOf("png");
const text = (bytes: number) => Buffer.concat([ascii("a\0\0"), deflatedZeros(bytes)]);
const tiny = (before: Buffer) => png({ width: 8, height: 8, before });
const rows = (width: number, height: number) =>
  Buffer.alloc(height * (1 + 3 * width), 7).map((byte, i) => (i % (1 + 3 * width) === 0 ? 0 : byte));

/** As many bytes of compressed zeros, each of which becomes a thousand. */
const endlessZeros = (bytes: number) => {
  const block = deflateRawSync(Buffer.alloc(16_000_000), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([u8(0x78, 0xda), times(Math.ceil(bytes / block.length), block), u8(3, 0)]);
};

/** A picture of 12 MP whose rows come behind data that makes no pixel. */
const behind = (data: Buffer) =>
  png({
    width: 4_000,
    height: 3_000,
    data: Buffer.concat([u8(0x78, 0xda), data, deflatedZeros(36_003_000).subarray(2)]),
  });

export const pngFiles = (): HostileFile[] => [
  file("1 by 99,999,999", "REJECTED", () => png({ width: 1, height: 99_999_999, colour: 0 })),
  file("99,999,999 by 1", "REJECTED", () => png({ width: 99_999_999, height: 1, colour: 0 })),
  ...[10_000_000, 1_000_000, 65_535].flatMap((side) => [
    file(`1 by ${side}`, "REJECTED", () => png({ width: 1, height: side, colour: 0 })),
    file(`${side} by 1`, "REJECTED", () => png({ width: side, height: 1, colour: 0 })),
  ]),
  file("1 by 10,000", "READY", () => png({ width: 1, height: 10_000 })),
  file("10,000 by 1", "READY", () => png({ width: 10_000, height: 1 })),
  file("65,535 by 1500", "READY", () => png({ width: 65_535, height: 1_500, colour: 0 })),
  file("7 by 65,535", "READY", () => png({ width: 7, height: 65_535 })),
  ...[0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].flatMap((side) => [
    file(`width ${side}`, "REJECTED", () => png({ width: side, height: 8, data: Buffer.alloc(9) })),
    file(`height ${side}`, "REJECTED", () => png({ width: 8, height: side, data: Buffer.alloc(9) })),
  ]),
  ...[2_016, 2_500].map((side) =>
    file(`noise with transparency, ${side} by ${side}`, undefined, () =>
      noise(side, side, 4).png({ compressionLevel: 1 }).toBuffer(),
    ),
  ),
  file("10000 by 10000 over a few bytes", "FAILED", () =>
    png({ width: 10_000, height: 10_000, data: deflatedZeros(5000) }),
  ),
  ...[false, true].flatMap((interlaced) => {
    const shape = { width: 300, height: 200, interlaced };
    const kind = interlaced ? "interlaced, " : "";
    return [
      file(`${kind}half of its rows`, "not READY", () => png({ ...shape, data: deflateSync(rows(300, 100)) })),
      file(`${kind}data cut`, "not READY", () => png({ ...shape, data: deflateSync(rows(300, 200)).subarray(0, 99) })),
      file(`${kind}no data`, "not READY", () => png({ ...shape, data: Buffer.alloc(0) })),
      file(`${kind}500 MB too much`, undefined, () => png({ ...shape, data: deflatedZeros(500_000_000) })),
      file(`${kind}100 MP of 16-bit colours with alpha`, undefined, () =>
        png({ width: 10_000, height: 10_000, depth: 16, colour: 6, interlaced }),
      ),
      file(`${kind}16 MP of 16-bit colours with alpha and profile`, "READY", () =>
        png({
          width: 4_000,
          height: 4_000,
          depth: 16,
          colour: 6,
          interlaced,
          before: chunk("iCCP", Buffer.concat([ascii("a\0\0"), deflateSync(icc.profile([["A2B0", icc.table(33)]]))])),
        }),
      ),
      file(`${kind}33 MP of 16-bit colours with alpha`, interlaced ? undefined : "READY", () =>
        png({ width: 6_600, height: 5_000, depth: 16, colour: 6, interlaced }),
      ),
      file(`${kind}50 MP with alpha`, "READY", () => png({ width: 10_000, height: 5_000, colour: 6, interlaced })),
      file(`${kind}100 MP with alpha`, interlaced ? undefined : "READY", () =>
        png({ width: 10_000, height: 10_000, colour: 6, interlaced }),
      ),
    ];
  }),
  ...(
    [
      [6, 5_800, undefined],
      [6, 4_500, "READY"],
      [2, 5_700, "READY"],
    ] as const
  ).map(([colour, side, outcome]) =>
    file(`${side} by ${side}, 16 bits of kind ${colour}, with a profile`, outcome, () =>
      png({
        width: side,
        height: side,
        depth: 16,
        colour,
        before: chunk("iCCP", Buffer.concat([ascii("a\0\0"), deflateSync(icc.profile([["A2B0", icc.table(33)]]))])),
      }),
    ),
  ),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 255].flatMap((colour) =>
    [0, 1, 2, 3, 8, 16, 32].map((depth) =>
      file(`kind ${colour} of ${depth} bits`, undefined, () => png({ width: 9, height: 9, colour, depth })),
    ),
  ),
  file("palette of no colour", "not READY", () => png({ width: 8, height: 8, colour: 3, before: chunk("PLTE") })),
  file("palette of 300 colours", "not READY", () =>
    png({ width: 8, height: 8, colour: 3, before: chunk("PLTE", Buffer.alloc(900)) }),
  ),
  file("indices beyond the palette", undefined, () =>
    png({
      width: 8,
      height: 8,
      colour: 3,
      before: chunk("PLTE", Buffer.alloc(3)),
      data: deflateSync(Buffer.alloc(72, 200)),
    }),
  ),
  file("transparency of 300 colours", undefined, () =>
    png({
      width: 8,
      height: 8,
      colour: 3,
      before: Buffer.concat([chunk("PLTE", Buffer.alloc(30)), chunk("tRNS", Buffer.alloc(300))]),
    }),
  ),
  file("500,000 texts", "REJECTED", () => tiny(manyChunks(500_000, "tEXt", ascii("a\0b")))),
  file("600,000 unknown chunks", "REJECTED", () => tiny(manyChunks(600_000, "abCd", u32(0)))),
  file("600,000 empty IDATs", "READY", () =>
    png({ width: 8, height: 8, after: manyChunks(600_000, "IDAT", Buffer.alloc(0)) }),
  ),
  file("19,000 unknown chunks", undefined, () => tiny(manyChunks(19_000, "abCd", u32(0)))),
  file("1200 compressed texts of 8 MB", "REJECTED", () => tiny(manyChunks(1200, "zTXt", text(8_000_000)))),
  file("90 compressed texts of 8 MB", "READY", () => tiny(manyChunks(90, "zTXt", text(8_000_000)))),
  file("9 compressed texts of 100 MB", undefined, () => tiny(manyChunks(9, "zTXt", text(100_000_000)))),
  file("compressed profile of 1 GB", undefined, () => tiny(chunk("iCCP", text(1_000_000_000)))),
  file("profile of 100,000 steps", undefined, () =>
    tiny(
      chunk(
        "iCCP",
        Buffer.concat([
          ascii("a\0\0"),
          deflateSync(
            icc.profile([
              ["D2B0", icc.pipeline(100_000)],
              ["A2B0", icc.table(9)],
            ]),
          ),
        ]),
      ),
    ),
  ),
  ...[false, true].map((behind) =>
    file(`an orientation ${behind ? "behind" : "before"} its data`, "READY", () => {
      const mark = chunk("eXIf", exif.orientation(6));
      return png({ width: 60, height: 20, [behind ? "after" : "before"]: mark });
    }),
  ),
  file("an orientation of 32 bits", "READY", () =>
    png({ width: 60, height: 20, before: chunk("eXIf", exif.longOrientation(6)) }),
  ),
  file("EXIF of 60,000 tags", "REJECTED", () => tiny(chunk("eXIf", exif.manyTags(60_000)))),
  file("EXIF in a circle", "READY", () => tiny(chunk("eXIf", exif.circle()))),
  file("EXIF directories that lead to each other", "FAILED", () => tiny(chunk("eXIf", exif.leadingOn(40)))),
  file("8 by 8 before 10 GB of zeros", "FAILED", () => png({ width: 8, height: 8, data: endlessZeros(10_000_000) })),
  file("12 MP before 30 GB of zeros", "FAILED", () =>
    png({ width: 4_000, height: 3_000, data: endlessZeros(30_000_000) }),
  ),
  file("12 MP before 15 GB of zeros", undefined, () =>
    png({ width: 4_000, height: 3_000, data: endlessZeros(15_000_000) }),
  ),
  file("12 MP behind 40 MB of empty blocks", undefined, () => behind(emptyBlocks(40_000_000))),
  file("12 MP behind 15 MB of empty blocks", "READY", () => behind(emptyBlocks(15_000_000))),
  file("a chunk of 4 GB", "REJECTED", () =>
    Buffer.concat([tiny(Buffer.alloc(0)).subarray(0, 33), u32(2 ** 32 - 1), ascii("IDAT")]),
  ),
  file("no IHDR", "REJECTED", () =>
    Buffer.concat([tiny(Buffer.alloc(0)).subarray(0, 8), chunk("IDAT", deflatedZeros(200)), chunk("IEND")]),
  ),
  file("a script behind it", "READY", () => Buffer.concat([tiny(Buffer.alloc(0)), ascii("<script>alert(1)</script>")])),
  file("a page in a text", "READY", () => tiny(chunk("tEXt", ascii("Comment\0<html><script>alert(1)</script>")))),
  file("animation of 5000 frames", undefined, () =>
    tiny(
      Buffer.concat([
        chunk("acTL", u32(5000, 0)),
        manyChunks(5000, "fcTL", Buffer.concat([u32(0, 8, 8, 0, 0), u8(0, 1, 0, 1, 0, 0)])),
      ]),
    ),
  ),
];
