import { deflateSync } from "node:zlib";
import { ascii, times, u16, u32 } from "./bytes";
import * as exif from "./exif";
import { filesOf, type HostileFile } from "./file";
import * as jpeg from "./jpeg";
import { flat, noise } from "./pictures";
import { emptyBlocks } from "./png";

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
  more: [number, number, number, number][] = [],
) => {
  const entries: [number, number, number, number][] = [
    ...more,
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

/** Grey pictures of strips or tiles that all are the same bytes, of which each names as many as it likes. */
const repeated = (side: "strips" | "tiles", count: number, bytes: number, before: Buffer = Buffer.alloc(0)) => {
  const [width, height, part] = side === "strips" ? [520, count, 520] : [16 * count, 16 * count, 256];
  const parts = side === "strips" ? count : count * count;
  const [places, lengths] = side === "strips" ? [273, 279] : [324, 325];
  const shape: [number, number, number, number][] =
    side === "strips"
      ? [[278, 4, 1, 1]]
      : [
          [322, 4, 1, 16],
          [323, 4, 1, 16],
        ];
  const zeros = deflateSync(Buffer.alloc(part));
  const data = Buffer.concat([zeros.subarray(0, 2), before, zeros.subarray(2)]);
  const entries = (at: number): [number, number, number, number][] => [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, 8 * 65_536],
    [259, 3, 1, 8 * 65_536],
    [262, 3, 1, 65_536],
    [277, 3, 1, 65_536],
    ...shape,
    [places, 4, parts, at],
    [lengths, 4, parts, at + 4 * parts],
  ];
  const sorted = (at: number) => exif.directory(entries(at).sort(([a], [b]) => a - b));
  const at = sorted(0).length;
  return Buffer.concat([
    sorted(at),
    times(parts, u32(at + 8 * parts)),
    times(parts, u32(bytes)),
    data,
    Buffer.alloc(1_000_000),
  ]);
};

/** A picture of four tiles, of which the last one's data is replaced; the others are noise. */
const tiled = async (compression: number, last: Buffer, coded = deflateSync) => {
  const data = coded(await noise(32, 32).raw().toBuffer());
  const tags = (at: number): [number, number, number, number][] => [
    [256, 4, 1, 64],
    [257, 4, 1, 64],
    [258, 3, 1, 8 * 65_536],
    [259, 3, 1, compression * 65_536],
    [262, 3, 1, 2 * 65_536],
    [277, 3, 1, 3 * 65_536],
    [322, 4, 1, 32],
    [323, 4, 1, 32],
    [324, 4, 4, at],
    [325, 4, 4, at + 16],
  ];
  const at = exif.directory(tags(0)).length;
  const start = at + 32;
  return Buffer.concat([
    exif.directory(tags(at)),
    u32(start, start, start, start + data.length),
    u32(data.length, data.length, data.length, last.length),
    data,
    last,
  ]);
};

/** Directories that all have the same text of some megabytes. */
const texts = (count: number, bytes: number) => {
  const first = strip(64, 64, 8, 1, 1, 1, Buffer.alloc(4096));
  const place = first.length + bytes;
  const each = exif.directory([[270, 2, bytes, first.length]]).subarray(8);
  const chain = Array.from({ length: count }, (_, i) => {
    const next = i + 1 < count ? place + (i + 1) * each.length : 0;
    return Buffer.concat([each.subarray(0, -4), u32(next)]);
  });
  first.writeUInt32BE(place, 8 + 2 + 9 * 12);
  return Buffer.concat([first, Buffer.alloc(bytes, "a"), ...chain]);
};

/** Red, green and blue in planes of their own, or lightness and two colours, each of a share of the pixels. */
const planes = (colour: number, sampling: number, tiled: boolean) => {
  const data = [200, 100, 50].map((value, i) => deflateSync(Buffer.alloc(4096 / (i > 0 ? sampling ** 2 : 1), value)));
  const shape: [number, number, number, number][] = tiled
    ? [
        [322, 4, 1, 64],
        [323, 4, 1, 64],
      ]
    : [[278, 4, 1, 64]];
  const tags = (at: number): [number, number, number, number][] => [
    [256, 4, 1, 64],
    [257, 4, 1, 64],
    [258, 3, 3, at + 24],
    [259, 3, 1, 8 * 65_536],
    [262, 3, 1, colour * 65_536],
    [tiled ? 324 : 273, 4, 3, at],
    [277, 3, 1, 3 * 65_536],
    [tiled ? 325 : 279, 4, 3, at + 12],
    [284, 3, 1, 2 * 65_536],
    ...shape,
    [530, 3, 2, sampling * 65_537],
  ];
  const sorted = (at: number) => exif.directory(tags(at).sort(([a], [b]) => a - b));
  const at = sorted(0).length;
  const starts = data.map((_, i) => data.slice(0, i).reduce((sum, { length }) => sum + length, at + 30));
  return Buffer.concat([sorted(at), u32(...starts, ...data.map(({ length }) => length)), u16(8, 8, 8), ...data]);
};

/** One tile that is far larger than the picture on its side. */
const largeTiles = (width: number, height: number, tile: [across: number, down: number]) => {
  const data = deflateSync(Buffer.alloc(tile[0] * tile[1]));
  const count = Math.ceil(width / tile[0]) * Math.ceil(height / tile[1]);
  const tags = (at: number): [number, number, number, number][] => [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, 8 * 65_536],
    [259, 3, 1, 8 * 65_536],
    [262, 3, 1, 65_536],
    [277, 3, 1, 65_536],
    [322, 4, 1, tile[0]],
    [323, 4, 1, tile[1]],
    [324, 4, count, at],
    [325, 4, count, at + 4 * count],
  ];
  const at = exif.directory(tags(0)).length;
  return Buffer.concat([
    exif.directory(tags(at)),
    times(count, u32(at + 8 * count)),
    times(count, u32(data.length)),
    data,
  ]);
};

export const tiffFiles = (): HostileFile[] => [
  tiff("directories in a circle", "FAILED", () =>
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
  tiff("100 MP over a few bytes", "FAILED", () => strip(10_000, 10_000, 8, 1, 1, 1, Buffer.alloc(9))),
  tiff("25 MP of 64 bits and four samples over a few bytes", "not READY", () =>
    strip(5_000, 5_000, 64, 8, 2, 4, Buffer.alloc(9)),
  ),
  tiff("progressive JPEG of 25 MP inside", undefined, () =>
    strip(5_000, 5_000, 8, 7, 1, 1, jpeg.scans(5_000, 5_000, 20_000)),
  ),
  tiff("24 MP that are not compressed", "READY", () => strip(6_000, 4_000, 8, 1, 2, 3, Buffer.alloc(72_000_000, 7))),
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
  tiff("25 MP of 16 bits and four samples", undefined, () =>
    flat(5_000, 5_000, 4).toColourspace("rgb16").tiff({ compression: "deflate" }).toBuffer(),
  ),
  tiff("52,000 strips of a few bytes", "READY", () => repeated("strips", 52_000, 16)),
  tiff("52,000 strips of the same megabyte", undefined, () => repeated("strips", 52_000, 1_000_000)),
  tiff("100,000 tiles of the same megabyte", "FAILED", () => repeated("tiles", 316, 1_000_000)),
  tiff("tiles", "READY", async () => tiled(8, deflateSync(Buffer.alloc(32 * 32 * 3)))),
  tiff("a tile that is damaged", "FAILED", () => tiled(8, Buffer.alloc(99))),
  tiff("a tile that is cut", "FAILED", () => tiled(8, deflateSync(Buffer.alloc(99)))),
  tiff("tiles in an unknown coding", "FAILED", () => tiled(50_000, Buffer.alloc(99))),
  tiff("tiles in JPEG", "REJECTED", () => tiled(7, jpeg.baseline(32, 32, 3))),
  tiff("strips in JPEG, one cut", "FAILED", () => strip(64, 64, 8, 7, 1, 1, jpeg.baseline(64, 64, 1, Buffer.alloc(4)))),
  tiff("strips in JPEG", "READY", () => strip(64, 64, 8, 7, 1, 1, jpeg.baseline(64, 64))),
  tiff("90 scans in JPEG inside, 16 MP", "FAILED", () => strip(4_000, 4_000, 8, 7, 1, 1, jpeg.scans(4_000, 4_000, 90))),
  tiff("39 refinements in JPEG inside, 16 MP", undefined, () =>
    strip(4_000, 4_000, 8, 7, 6, 3, jpeg.refined(4_000, 4_000, 3)),
  ),
  tiff("planes of strips", "READY", () => planes(2, 1, false)),
  tiff("planes of tiles", "FAILED", () => planes(2, 1, true)),
  tiff("planes of fewer pixels", "FAILED", () => planes(6, 2, false)),
  tiff("a fax that is cut", "FAILED", () => strip(800, 600, 1, 4, 0, 1, Buffer.alloc(50))),
  tiff("2000 directories with the same text of 10 MB", "READY", () => texts(2_000, 10_000_000)),
  tiff("tiles far larger than the picture", "READY", () => largeTiles(30_000, 300, [16, 8_192])),
  tiff("a tag that libtiff does not know, and tags in disorder", "READY", () =>
    strip(64, 64, 8, 7, 1, 1, jpeg.baseline(64, 64), [[33_333, 4, 1, 1]]),
  ),
  tiff("a fourth sample without a word of it", "READY", () => strip(64, 64, 8, 1, 2, 4, Buffer.alloc(4 * 4096))),
  tiff("a BigTIFF of 70,000 tags", "REJECTED", () =>
    Buffer.concat([
      ascii("MM\0+\0\x08\0\0"),
      u32(0, 16, 0, 70_000),
      times(70_000, u32(0x01000003, 0, 1, 0x00090000, 0)),
    ]),
  ),
  ...[15, 90].map((count) =>
    tiff(`${count} times a strip behind 1 MB of empty blocks`, count > 15 ? undefined : "READY", () =>
      repeated("strips", count, 1_000_000, emptyBlocks(990_000)),
    ),
  ),
  tiff("a preview, as a raw photo begins with", "REJECTED", () =>
    strip(64, 64, 8, 1, 1, 1, Buffer.alloc(4096), [[254, 4, 1, 1]]),
  ),
];
