import { ascii, times, u16, u32, u8 } from "./bytes";
import { avif, box, coded, full, grid, size, type Item } from "./avif";
import * as exif from "./exif";
import { filesOf, type HostileFile } from "./file";
import { flat, noise } from "./pictures";

const file = filesOf("avif");
const small = () => noise(160, 120).avif({ effort: 0 }).toBuffer();
const picture = async (width: number, height: number) =>
  coded(await flat(width, height).avif({ effort: 0 }).toBuffer());
/** One picture whose header says another size. */
const lie = async (side: number, width: number, height: number) => {
  const { data, configuration } = await picture(side, side);
  return avif([{ type: "av01", data, properties: [1, 2] }], [size(width, height), configuration]);
};
/** A grid all of whose tiles are one and the same picture. */
const oneTile = async (tile: number, columns: number, rows: number, width: number, height: number) => {
  const { data, configuration } = await picture(tile, tile);
  const items: Item[] = [
    {
      type: "grid",
      data: grid(columns, rows, width, height),
      properties: [1],
      from: Array<number>(columns * rows).fill(2),
    },
    { type: "av01", data, properties: [2, 3] },
  ];
  return avif(items, [size(width, height), size(tile, tile), configuration]);
};
/** A grid, 10 wide, of as many pictures of 64 by 64, of which the last may be damaged. */
const tiles = async (rows: number, last?: Buffer) => {
  const { data, configuration } = await picture(64, 64);
  const count = 10 * rows;
  const each = Array.from({ length: count }, (_, i): Item => {
    return { type: "av01", data: i === count - 1 ? (last ?? data) : data, properties: [2, 3] };
  });
  const from = each.map((_, i) => i + 2);
  const whole = { type: "grid", data: grid(10, rows, 640, 64 * rows), properties: [1], from };
  return avif([whole, ...each], [size(640, 64 * rows), size(64, 64), configuration]);
};
/** A picture with more boxes in its `meta`. */
const withBoxes = async (...more: Buffer[]) => {
  const { data, configuration } = await picture(64, 64);
  return avif([{ type: "av01", data, properties: [1, 2] }], [size(64, 64), configuration], more);
};
const withProperties = async (...more: Buffer[]) => {
  const { data, configuration } = await picture(64, 64);
  const numbers = [1, 2, ...more.map((_, i) => i + 3)].slice(0, 127);
  return avif([{ type: "av01", data, properties: numbers }], [size(64, 64), configuration, ...more]);
};
/** A picture whose data has more frames than the one that is shown. */
const frames = async (side: number, count: number) => {
  const { data, configuration } = await picture(side, side);
  return avif([{ type: "av01", data: times(count, data), properties: [1, 2] }], [size(side, side), configuration]);
};
/** A picture whose data is the whole file, as often as that. */
const inPieces = async (count: number) => {
  const { configuration } = await picture(64, 64);
  const pieces = full("iloc", 0, u8(0x44, 0x00), u16(1, 1, 0, count), times(count, u32(0, 100)));
  return avif([{ type: "av01", data: Buffer.alloc(0), properties: [1, 2] }], [size(64, 64), configuration], [pieces]);
};
/** Items from 0 on, each with the first property. */
function manyItems(count: number): Buffer {
  const bytes = Buffer.alloc(6 * count, 1);
  for (let i = 0; i < count; i++) bytes.writeUInt32BE(i, 6 * i);
  return bytes;
}
const nested = (depth: number): Buffer => (depth === 0 ? Buffer.alloc(0) : box("iprp", box("ipco", nested(depth - 1))));
/** Bytes at a word are others. */
const at = async (word: string, offset: number, bytes: Buffer) => {
  const body = await small();
  bytes.copy(body, body.indexOf(word) + offset);
  return body;
};

export const avifFiles = (): HostileFile[] => [
  file("made of boxes", "READY", () => withBoxes()),
  file("49 MP over data of 64 by 64", "FAILED", async () => lie(64, 7_000, 7_000)),
  ...[
    [1, 1],
    [63, 64],
    [65, 64],
    [5_000, 5_000],
    [64, 8_000],
  ].map(([width = 0, height = 0]) =>
    file(`64 by 64 that says ${width} by ${height}`, "not READY", () => lie(64, width, height)),
  ),
  file("5000 by 5000 that says 64 by 64", "not READY", () => lie(5_000, 64, 64)),
  file("16,385 by 64", "REJECTED", async () => lie(64, 16_385, 64)),
  file("65,535 by 65,535", "REJECTED", () => lie(64, 65_535, 65_535)),
  file("4,294,967,295 by 1", "REJECTED", () => lie(64, 2 ** 32 - 1, 1)),
  ...[40, 90].map((quality) =>
    file(`noise with transparency, 2016 by 2016, quality ${quality}`, undefined, () =>
      noise(2_016, 2_016, 4).avif({ quality, effort: 0 }).toBuffer(),
    ),
  ),
  file("a grid of four", undefined, () => oneTile(64, 2, 2, 128, 128)),
  file("a grid of 20 pictures", "READY", () => tiles(2)),
  file("a grid of 20 pictures, one damaged", "FAILED", () => tiles(2, Buffer.alloc(20))),
  file("a grid of 200 pictures", "READY", () => tiles(20)),
  file("256 times the same 16 MP in a grid", "not READY", () => oneTile(4_000, 16, 16, 64, 64)),
  file("256 times the same 1 MP in a grid", undefined, () => oneTile(1_024, 16, 16, 5_000, 5_000)),
  file("65,025 times the same picture in a grid", undefined, () => oneTile(64, 255, 255, 5_700, 5_700)),
  file("a grid of itself", "not READY", async () =>
    avif([{ type: "grid", data: grid(2, 2, 64, 64), properties: [1], from: [1, 1, 1, 1] }], [size(64, 64)]),
  ),
  file("grids of grids", "not READY", async () => {
    const { data, configuration } = await picture(64, 64);
    const levels = Array.from({ length: 12 }, (_, i): Item => ({
      type: "grid",
      data: grid(2, 2, 64, 64),
      properties: [1],
      from: Array<number>(4).fill(i + 2),
    }));
    return avif([...levels, { type: "av01", data, properties: [1, 2] }], [size(64, 64), configuration]);
  }),
  file("100,000 boxes", "not READY", () => withBoxes(times(100_000, box("free")))),
  file("1,000,000 boxes behind it", "REJECTED", async () =>
    Buffer.concat([await small(), times(1_000_000, box("free"))]),
  ),
  file("boxes 300 deep", undefined, () => withBoxes(nested(300))),
  file("10,000 properties", undefined, () =>
    withProperties(...Array.from({ length: 10_000 }, () => box("irot", u8(1)))),
  ),
  file("60 turns", undefined, () => withProperties(...Array.from({ length: 60 }, () => box("irot", u8(1))))),
  file("a crop beyond its sides", "not READY", () => withProperties(box("clap", u32(9_000, 1, 9_000, 1, 0, 1, 0, 1)))),
  file("a profile of 8 MB", undefined, () => withProperties(box("colr", ascii("prof"), Buffer.alloc(8_000_000)))),
  file("10,000 brands", undefined, async () => {
    const body = await small();
    const end = body.readUInt32BE(0);
    return Buffer.concat([box("ftyp", ascii("avif"), u32(0), times(10_000, ascii("avif"))), body.subarray(end)]);
  }),
  file("5000 extents", "not READY", async () =>
    at("iloc", 4, Buffer.concat([u32(0), u8(0x44, 0x00), u16(1, 1, 0, 5000)])),
  ),
  file("5000 items", undefined, async () => {
    const { data, configuration } = await picture(64, 64);
    return avif(
      Array.from({ length: 5_000 }, () => ({ type: "av01", data: data.subarray(0, 100), properties: [1, 2] })),
      [size(64, 64), configuration],
    );
  }),
  file("18,000 lists of tiles that go on behind their boxes", "FAILED", () =>
    withBoxes(full("iref", 0, times(18_000, box("dimg", u16(1, 65_535)))), box("free", Buffer.alloc(200_000))),
  ),
  file("15,000 lists of properties that go on behind their boxes", "not READY", () =>
    withBoxes(box("iprp", times(15_000, full("ipma", 0, u32(200_000)))), box("free", Buffer.alloc(700_000))),
  ),
  file("a property that is named 60,000 times", "not READY", () =>
    withBoxes(box("iprp", full("ipma", 0, u32(60_000), times(60_000, u8(0, 1, 1, 1))))),
  ),
  file("properties of 2,000,000 items behind it", "FAILED", async () =>
    Buffer.concat([await small(), full("meta", 0, box("iprp", full("ipma", 1, u32(2_000_000), manyItems(2_000_000))))]),
  ),
  file("a second list of 900,000 items", undefined, () =>
    withBoxes(full("iloc", 2, u8(0x44, 0x00), u32(900_000), times(900_000, u16(0, 1, 0, 0, 0)))),
  ),
  file("4,000,000 names of a property", "not READY", () =>
    withBoxes(box("iprp", full("ipma", 0, u32(1_000_000), times(1_000_000, u8(0, 1, 4, 1, 1, 1, 1))))),
  ),
  file("100 turns of 16 MP", "FAILED", async () => {
    const { data, configuration } = await picture(4_000, 4_000);
    const turns = Array.from({ length: 100 }, (_, i) => 3 + (i % 2));
    const properties = [size(4_000, 4_000), configuration, box("irot", u8(1)), box("imir", u8(1))];
    return avif([{ type: "av01", data, properties: [1, 2, ...turns] }], properties);
  }),
  file("a turn, a mirror and a crop", "READY", async () => {
    const { data, configuration } = await picture(64, 64);
    const crop = box("clap", u32(32, 1, 16, 1, 0, 1, 0, 1));
    const properties = [size(64, 64), configuration, box("irot", u8(1)), box("imir", u8(1)), crop];
    return avif([{ type: "av01", data, properties: [1, 2, 5, 3, 4] }], properties);
  }),
  ...[1, 60, 100_000].map((count) =>
    file(`a picture of ${count} frames`, count > 60 ? "FAILED" : "READY", () => frames(1_024, count)),
  ),
  file("the same data in 2000 pieces", "FAILED", () => inPieces(2_000)),
  file("EXIF directories that lead to each other", "READY", async () => {
    const { data, configuration } = await picture(64, 64);
    const items = [
      { type: "av01", data, properties: [1, 2] },
      { type: "Exif", data: Buffer.concat([u32(0), exif.leadingOn(40)]), properties: [] },
    ];
    return avif(items, [size(64, 64), configuration]);
  }),
  file("the brand of an animation", "REJECTED", () => at("ftyp", 4, ascii("avis"))),
  file("an item of 4 GB", "not READY", () => at("iloc", 18, u32(2 ** 32 - 1))),
  file("a box of 2^63 bytes", undefined, async () =>
    Buffer.concat([await small(), u32(1), ascii("free"), u32(0x7fffffff, 0xffffffff)]),
  ),
  file("a movie", undefined, () =>
    withBoxes(
      box("moov", full("mvhd", 0, Buffer.alloc(96)), times(5_000, box("trak", full("tkhd", 0, Buffer.alloc(80))))),
    ),
  ),
  file("data of zeros", "not READY", () => at("mdat", 4, Buffer.alloc(200))),
  file("12 bits in its configuration alone", undefined, () => at("av1C", 6, u8(0x60))),
  file("HEVC inside", "not READY", () => at("av01", 0, ascii("hvc1"))),
  ...[4_000, 3_800].map((height) =>
    file(`${height / 250} MP with alpha`, "READY", () => flat(4_000, height, 4).avif({ effort: 0 }).toBuffer()),
  ),
  file("33 MP", "READY", async () => flat(5_700, 5_700).avif({ effort: 0 }).toBuffer()),
  file("a script behind it", undefined, async () => Buffer.concat([await small(), ascii("<script>alert(1)</script>")])),
];
