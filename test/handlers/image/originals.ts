import { crc32 } from "node:zlib";
import sharp, { type Metadata, type Sharp } from "sharp";
import { imageFormats, type ImageFormat } from "../../../handlers/imageTypes";

export type Colour = [red: number, green: number, blue: number, alpha?: number];
/** The colours of a picture's quarters: upper left, upper right, lower left, lower right. */
export type Quarters = [Colour, Colour, Colour, Colour];
export const names = { jpeg: "JPEG", png: "PNG", webp: "WebP", avif: "AVIF", gif: "GIF", tiff: "TIFF" } as const;

interface Original {
  body: Buffer;
  /** As it is to be seen. */
  shows: Quarters;
}
export interface Case {
  /** Whether an original has what the row speaks of. */
  has: (header: Metadata, body: Buffer) => boolean;
  originals: Partial<Record<ImageFormat, () => Promise<Original[]>>>;
  /** Of the box. */
  edge?: number;
  /** How far colours may be off, of 255. */
  tolerance?: number;
  enlarge?: boolean;
  animated?: true;
}
/** Twice a rendition's, whose quarters are multiples of encoders' blocks: so their middles keep their colour. */
export const WIDTH = 192;
const HEIGHT = 128;
/** Larger than the originals. */
export const BOX = 288;
export const SECRET = "SECRET-PLACE";
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${SECRET}</x:xmpmeta>`;
const colours: Quarters = [
  [190, 60, 50],
  [60, 150, 80],
  [60, 80, 170],
  [235, 225, 200],
];
const muted: Quarters = [
  [170, 100, 90],
  [100, 140, 110],
  [100, 110, 150],
  [215, 210, 200],
];
const greys: Quarters = [
  [60, 60, 60],
  [120, 120, 120],
  [180, 180, 180],
  [240, 240, 240],
];
const dark: Quarters = [
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
];
/** Half of the light shines through the third quarter, all of it through the second. */
const glass: Quarters = [colours[0], [0, 0, 0, 0], [60, 80, 170, 128], colours[3]];
/** A GIF knows all or nothing. */
const hole: Quarters = [colours[0], [0, 0, 0, 0], colours[2], colours[3]];

const rgba = (quarters: Quarters, width = WIDTH, height = HEIGHT) =>
  Buffer.from(
    Array.from({ length: width * height }, (_, i) => {
      const quarter = (i % width < width / 2 ? 0 : 1) + (i < (width * height) / 2 ? 0 : 2);
      const [red, green, blue, alpha = 255] = quarters[quarter] ?? [0, 0, 0];
      return [red, green, blue, alpha];
    }).flat(),
  );
const withAlpha = (quarters: Quarters, width = WIDTH, height = HEIGHT): Sharp =>
  sharp(rgba(quarters, width, height), { raw: { width, height, channels: 4 } });
const opaque = (quarters: Quarters, width?: number, height?: number) =>
  withAlpha(quarters, width, height).removeAlpha();
const two = (pages = Buffer.concat([rgba(colours), rgba(dark)])) =>
  sharp(pages, { raw: { width: WIDTH, height: 2 * HEIGHT, channels: 4, pageHeight: HEIGHT } });

const encoders: Record<ImageFormat, (image: Sharp) => Sharp> = {
  jpeg: (image) => image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ lossless: true, exact: true }),
  avif: (image) => image.avif({ quality: 95, effort: 0 }),
  gif: (image) => image.gif(),
  tiff: (image) => image.tiff({ compression: "none" }),
};
/** The same picture in several formats. */
const inEach = (formats: ImageFormat[], image: () => Sharp, shows: Quarters): Case["originals"] =>
  Object.fromEntries(
    formats.map((format) => [format, async () => [{ body: await encoders[format](image()).toBuffer(), shows }]]),
  );
const one = (shows: Quarters, body: () => Promise<Buffer>) => async () => [{ body: await body(), shows }];

/** Which quarter of the upright picture lies in which of the stored one, by EXIF orientation from 1 to 8. */
const turns: [number, number, number, number][] = [
  [0, 1, 2, 3],
  [1, 0, 3, 2],
  [3, 2, 1, 0],
  [2, 3, 0, 1],
  [0, 2, 1, 3],
  [1, 3, 0, 2],
  [3, 1, 2, 0],
  [2, 0, 3, 1],
];
const turned = (format: ImageFormat) => () =>
  Promise.all(
    turns.map(async ([a, b, c, d], i): Promise<Original> => {
      const stored = [colours[a], colours[b], colours[c], colours[d]] as Quarters;
      const image = i < 4 ? opaque(stored) : opaque(stored, HEIGHT, WIDTH);
      return { body: await encoders[format](image.withMetadata({ orientation: i + 1 })).toBuffer(), shows: colours };
    }),
  );

/** The same with 16 bits. */
const deep = () => {
  const data = Uint16Array.from(rgba(colours), (value) => value * 257);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .removeAlpha()
    .toColourspace("rgb16");
};

const chunk = (kind: string, content: Buffer) => {
  const checked = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  return Buffer.concat([u32(content.length), checked, u32(crc32(checked))]);
};
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};
/** The parts of a PNG of sharp's: signature and header, all of its data, its end. */
const partsOf = (png: Buffer) => {
  const data = png.indexOf("IDAT");
  return { header: png.subarray(0, 33), data: png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)) };
};
/** https://www.w3.org/TR/png-3/#apng-frame-based-animation */
async function animatedPng(): Promise<Buffer> {
  const [first, second] = await Promise.all(
    [colours, dark].map(async (each) => partsOf(await opaque(each).png().toBuffer())),
  );
  if (!first || !second) throw new Error("two frames");
  const frame = (number: number) =>
    chunk("fcTL", Buffer.concat([u32(number, WIDTH, HEIGHT, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]));
  return Buffer.concat([
    first.header,
    chunk("acTL", u32(2, 0)),
    frame(0),
    chunk("IDAT", first.data),
    frame(1),
    chunk("fdAT", Buffer.concat([u32(2), second.data])),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Bytes put into a file. */
const insert = (file: Buffer, at: number, ...bytes: Buffer[]) =>
  Buffer.concat([file.subarray(0, at), ...bytes, file.subarray(at)]);
const jpegWith = async (marker: number, ...content: Buffer[]) => {
  const bytes = Buffer.concat(content);
  const start = Buffer.from([0xff, marker, 0, bytes.length + 2]);
  return insert(await encoders.jpeg(opaque(colours)).toBuffer(), 2, start, bytes);
};
/** IPTC-IIM's record 2:80 (the author) in a resource of Photoshop's. */
const iptc = () => {
  const record = Buffer.concat([Buffer.from([0x1c, 2, 80, 0, SECRET.length]), Buffer.from(SECRET), Buffer.alloc(1)]);
  const head = Buffer.from("Photoshop 3.0\x008BIM\x04\x04\0\0", "latin1");
  return jpegWith(0xed, head, u32(record.length - 1), record);
};

type Tag = [tag: number, type: number, count: number, value: number];
/** A directory of a little-endian TIFF. */
const directory = (tags: Buffer[]) => {
  const count = Buffer.alloc(2);
  count.writeUInt16LE(tags.length);
  return Buffer.concat([count, ...tags, Buffer.alloc(4)]);
};
const tagBytes = ([tag, type, count, value]: Tag) => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16LE(tag);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(value, 8);
  return bytes;
};
/** A TIFF with another directory, which has further tags. They may speak of what lies at `at`: a text, GPS data. */
async function tiffWith(further: (at: { text: number; gps: number }) => Tag[]): Promise<Buffer> {
  const tiff = await encoders.tiff(opaque(colours)).toBuffer();
  const first = tiff.readUInt32LE(4);
  const known = Array.from({ length: tiff.readUInt16LE(first) }, (_, i) =>
    tiff.subarray(first + 2 + 12 * i).subarray(0, 12),
  );
  const text = Buffer.from(SECRET);
  const at = { text: tiff.length, gps: tiff.length + text.length };
  const gps = directory([tagBytes([GPS_DATUM, 2, SECRET.length, at.text])]);
  const all = [...known, ...further(at).map(tagBytes)].sort((a, b) => a.readUInt16LE() - b.readUInt16LE());
  const file = Buffer.concat([tiff, text, gps, directory(all)]);
  file.writeUInt32LE(at.gps + gps.length, 4);
  return file;
}
const [DESCRIPTION, COPYRIGHT, GPS, GPS_DATUM] = [270, 33_432, 34_853, 18];
/** The tag of GPS data, as a little-endian directory has it. */
const GPS_TAG = Buffer.from([0x25, 0x88, 4, 0]);

const comments = {
  jpeg: one(colours, () => jpegWith(0xfe, Buffer.from(SECRET))),
  png: one(colours, async () =>
    insert(await opaque(colours).png().toBuffer(), 33, chunk("tEXt", Buffer.from(`Comment\0${SECRET}`))),
  ),
  gif: one(colours, async () => {
    const gif = await opaque(colours).gif().toBuffer();
    const behindColours = 13 + 3 * 2 ** ((gif.readUInt8(10) & 7) + 1);
    return insert(gif, behindColours, Buffer.from([0x21, 0xfe, SECRET.length]), Buffer.from(`${SECRET}\0`));
  }),
  tiff: one(colours, () => tiffWith(({ text }) => [[DESCRIPTION, 2, SECRET.length, text]])),
};

const animations: Case["originals"] = {
  webp: one(colours, () => encoders.webp(two()).toBuffer()),
  gif: one(colours, () => encoders.gif(two()).toBuffer()),
};
const withProfiles: ImageFormat[] = ["jpeg", "png", "webp", "avif", "tiff"];

/** By the first column of the table in docs/images.md. */
export const cases: Record<string, Case> = {
  transparency: {
    has: ({ hasAlpha }) => hasAlpha,
    originals: {
      ...inEach(["png", "webp", "avif", "tiff"], () => withAlpha(glass), glass),
      ...inEach(["gif"], () => withAlpha(hole), hole),
    },
  },
  "an alpha channel, opaque everywhere": {
    has: ({ hasAlpha }) => hasAlpha,
    originals: inEach(["png", "avif", "tiff"], () => withAlpha(colours), colours),
  },
  "an animation": { has: ({ pages }) => pages === 2, originals: animations },
  "an animation, with `animated`": { has: ({ pages }) => pages === 2, originals: animations, animated: true },
  "an animation of PNG": { has: (_, body) => body.includes("acTL"), originals: { png: one(colours, animatedPng) } },
  "several pages": {
    has: ({ pages }) => pages === 2,
    originals: { tiff: one(colours, () => encoders.tiff(two()).toBuffer()) },
  },
  "the profile of Display P3": {
    has: ({ icc }) => icc !== undefined,
    originals: inEach(withProfiles, () => opaque(colours).withIccProfile("p3"), colours),
  },
  "sRGB's own profile": {
    has: ({ icc }) => icc !== undefined,
    originals: inEach(withProfiles, () => opaque(colours).withIccProfile("srgb"), colours),
  },
  CMYK: {
    has: ({ space }) => space === "cmyk",
    tolerance: 12, // tables of printing inks, there and back
    originals: inEach(["jpeg", "tiff"], () => opaque(muted).toColourspace("cmyk"), muted),
  },
  "grey alone": {
    has: ({ channels }) => channels === 1,
    originals: inEach(["jpeg", "png", "tiff"], () => opaque(greys).toColourspace("b-w"), greys),
  },
  "10 or 16 bits": {
    has: ({ depth }) => depth === "ushort",
    originals: {
      ...inEach(["png", "tiff"], deep, colours),
      avif: one(colours, () => opaque(colours).avif({ quality: 95, effort: 0, bitdepth: 10 }).toBuffer()),
    },
  },
  "EXIF with GPS": {
    has: (_, body) => body.includes(SECRET) && body.includes(GPS_TAG),
    originals: {
      ...inEach(
        ["jpeg", "png", "webp", "avif"],
        () => opaque(colours).withExif({ IFD0: { Copyright: SECRET }, IFD3: { GPSMapDatum: SECRET } }),
        colours,
      ),
      tiff: one(colours, () =>
        tiffWith(({ text, gps }) => [
          [COPYRIGHT, 2, SECRET.length, text],
          [GPS, 4, 1, gps],
        ]),
      ),
    },
  },
  XMP: {
    has: ({ xmp }) => xmp?.includes(SECRET) === true,
    originals: inEach(withProfiles, () => opaque(colours).withXmp(XMP), colours),
  },
  IPTC: { has: (header) => header.iptc?.includes(SECRET) === true, originals: { jpeg: one(colours, iptc) } },
  "a comment": { has: (_, body) => body.includes(SECRET), originals: comments },
  "an EXIF orientation, 1 to 8": {
    has: ({ orientation }) => orientation !== undefined,
    originals: Object.fromEntries(
      ["jpeg", "png", "webp", "tiff"].map((format) => [format, turned(format as ImageFormat)]),
    ),
  },
  "turns and mirrors (`irot`, `imir`)": {
    has: (_, body) => body.includes("irot") || body.includes("imir"),
    originals: { avif: async () => (await turned("avif")()).slice(1) },
  },
  "fewer pixels than the box": {
    has: () => true,
    edge: BOX,
    originals: inEach([...imageFormats], () => opaque(colours), colours),
  },
  "the same, with `enlarge`": {
    has: () => true,
    edge: BOX,
    enlarge: true,
    originals: inEach([...imageFormats], () => opaque(colours), colours),
  },
};
