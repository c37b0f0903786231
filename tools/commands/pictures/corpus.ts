import { deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { ascii, u16, u32, u8 } from "../hostile/corpus/bytes";
import { directory } from "../hostile/corpus/exif";
import { behindStart, segment, withExif, withProfile } from "../hostile/corpus/jpeg";
import { chunk, png } from "../hostile/corpus/png";
import { adobeProfile, toAdobe } from "./profiles";
import { colours, quarters, repainted, storedAs, type Colour, type Scene } from "./scene";

/** An original, and what is to be seen of it. */
export interface Picture {
  name: string;
  body: Buffer;
  shows: Scene;
  /** The frames in turn, where it moves: `shows` first. */
  frames?: Scene[];
}

/** A text that stands in every kind of metadata, and in no rendition. */
export const HIDDEN = "SECRET-PLACE";

const pixels = ({ data, width, height }: Scene): Sharp => sharp(data, { raw: { width, height, channels: 4 } });
const opaque = (scene: Scene): Sharp => pixels(scene).removeAlpha();
const fine = { quality: 95, chromaSubsampling: "4:4:4" } as const;
const jpegOf = (scene: Scene): Promise<Buffer> => opaque(scene).jpeg(fine).toBuffer();
const pngOf = (scene: Scene): Promise<Buffer> => opaque(scene).png().toBuffer();
/** Behind the header of a PNG. */
const withChunks = (file: Buffer, ...chunks: Buffer[]) =>
  Buffer.concat([file.subarray(0, 33), ...chunks, file.subarray(33)]);
const iccChunk = (profile: Buffer) => chunk("iCCP", Buffer.concat([ascii("a\0\0"), deflateSync(profile)]));
/** One number for each pixel. */
const channel = ({ data }: Scene, offset: number) => data.filter((_, i) => i % 4 === offset);

/**
 * Every picture: the same bytes in each run.
 * @example
 * for (const { name, body, shows } of await pictures()) console.log(name, body.length, shows.width);
 */
export async function pictures(): Promise<Picture[]> {
  return [
    ...(await turned()),
    ...(await coloured()),
    ...(await transparent()),
    ...(await moving()),
    ...(await sized()),
    ...(await loaded()),
  ];
}

async function turned(): Promise<Picture[]> {
  const shows = colours();
  const list: Picture[] = [];
  for (const format of ["jpeg", "png", "webp", "tiff"] as const)
    for (let orientation = 1; orientation <= 8; orientation++) {
      const stored = opaque(storedAs(shows, orientation)).withMetadata({ orientation });
      const body = await stored.toFormat(format, format === "png" ? {} : { quality: 95 }).toBuffer();
      list.push({ name: `${format}, orientation ${orientation}`, body, shows });
    }
  return list;
}

async function coloured(): Promise<Picture[]> {
  const shows = colours();
  const grey = repainted(shows, ([red]) => [red, red, red]);
  const raw = { width: shows.width, height: shows.height } as const;
  const adobe = repainted(shows, toAdobe);
  const wide = Uint16Array.from(
    shows.data.filter((_, i) => i % 4 !== 3),
    (value) => value * 257,
  );
  const p3 = await opaque(storedAs(shows, 6)).withMetadata({ icc: "p3", orientation: 6 }).png().toBuffer();
  const cmyk = await opaque(shows).toColourspace("cmyk").jpeg(fine).toBuffer();
  const unmarked = await opaque(shows).negate().toColourspace("cmyk").jpeg(fine).toBuffer();
  const withoutMark = withoutSegment(unmarked, 0xee);
  const isDark = (x: number, y: number) => x < 120 === y < 80;
  const chequered = repainted(shows, (_, x, y) => (isDark(x, y) ? [0, 0, 0] : [255, 255, 255]));
  const bits = Buffer.alloc((1 + raw.width / 8) * raw.height);
  for (let i = 0; i < bits.length; i++) {
    const [x, y] = [(i % 31) - 1, Math.floor(i / 31)];
    if (x >= 0 && !isDark(8 * x, y)) bits[i] = 255;
  }
  const few: Colour[] = [
    [200, 30, 30],
    [30, 160, 60],
    [40, 60, 190],
    [250, 240, 230],
  ];
  return [
    { name: "Display P3, turned", body: p3, shows },
    { name: "Display P3 JPEG", body: await opaque(shows).withIccProfile("p3").jpeg(fine).toBuffer(), shows },
    { name: "Adobe RGB PNG", body: withChunks(await pngOf(adobe), iccChunk(adobeProfile(HIDDEN))), shows },
    { name: "Adobe RGB JPEG", body: withProfile(await jpegOf(adobe), adobeProfile(HIDDEN)), shows },
    { name: "embedded sRGB", body: await opaque(shows).withIccProfile("srgb").jpeg(fine).toBuffer(), shows },
    {
      name: "progressive",
      body: await opaque(shows)
        .jpeg({ ...fine, progressive: true })
        .toBuffer(),
      shows,
    },
    { name: "CMYK as Adobe stores it", body: cmyk, shows: await asSharpShows(cmyk) },
    { name: "CMYK without Adobe's mark", body: withoutMark, shows: await asSharpShows(withoutMark) },
    { name: "grey JPEG", body: await greyOf(grey).jpeg(fine).toBuffer(), shows: grey },
    { name: "grey PNG", body: await greyOf(grey).png().toBuffer(), shows: grey },
    {
      name: "16 bits",
      body: await sharp(wide, { raw: { ...raw, channels: 3 } })
        .toColourspace("rgb16")
        .png()
        .toBuffer(),
      shows,
    },
    {
      name: "palette",
      body: await opaque(quarters(few)).png({ palette: true, colours: 4 }).toBuffer(),
      shows: quarters(few),
    },
    { name: "1 bit", body: png({ ...raw, depth: 1, colour: 0, data: deflateSync(bits) }), shows: chequered },
    { name: "AVIF", body: await opaque(shows).avif({ quality: 90, effort: 0 }).toBuffer(), shows },
  ];
}

const greyOf = (grey: Scene) =>
  sharp(channel(grey, 0), { raw: { width: grey.width, height: grey.height, channels: 1 } }).toColourspace("b-w");

function withoutSegment(file: Buffer, marker: number): Buffer {
  const at = file.indexOf(u8(0xff, marker));
  return Buffer.concat([file.subarray(0, at), file.subarray(at + 2 + file.readUInt16BE(at + 2))]);
}

/** For colours of printing presses, of which there is more than one right reading. */
async function asSharpShows(body: Buffer): Promise<Scene> {
  const { data, info } = await sharp(body).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function transparent(): Promise<Picture[]> {
  const fading = repainted(colours(), ([red, green, blue], x) => [
    red,
    green,
    blue,
    Math.min(255, Math.round(x * 1.1)),
  ]);
  // Under full transparency lies black, which must not show at the edges.
  const cut = repainted(colours(), (colour, x, y) => ((x >> 5) % 2 === (y >> 5) % 2 ? colour : [0, 0, 0, 0]));
  const grey = repainted(fading, ([red, , , alpha]) => [red, red, red, alpha]);
  const greyAndAlpha = Buffer.alloc(grey.data.length / 2);
  channel(grey, 0).forEach((value, i) => (greyAndAlpha[2 * i] = value));
  channel(grey, 3).forEach((value, i) => (greyAndAlpha[2 * i + 1] = value));
  const { width, height } = grey;
  const few = quarters([
    [255, 0, 0],
    [0, 255, 0, 0],
    [0, 0, 255, 128],
    [255, 255, 255],
  ]);
  const indices = Buffer.alloc((width + 1) * height, 0);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      indices[y * (width + 1) + 1 + x] = (x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2);
  const before = Buffer.concat([
    chunk("PLTE", u8(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255)),
    chunk("tRNS", u8(255, 0, 128, 255)),
  ]);
  return [
    { name: "alpha, PNG", body: await pixels(fading).png().toBuffer(), shows: fading },
    { name: "alpha, WebP", body: await pixels(fading).webp({ lossless: true, exact: true }).toBuffer(), shows: fading },
    { name: "cut out, PNG", body: await pixels(cut).png().toBuffer(), shows: cut },
    {
      name: "grey and alpha",
      body: await sharp(greyAndAlpha, { raw: { width, height, channels: 2 } })
        .toColourspace("b-w")
        .png()
        .toBuffer(),
      shows: grey,
    },
    {
      name: "palette with alpha",
      body: png({ width, height, colour: 3, before, data: deflateSync(indices) }),
      shows: few,
    },
    { name: "opaque alpha channel", body: await pixels(colours()).png().toBuffer(), shows: colours() },
  ];
}

async function moving(): Promise<Picture[]> {
  const few: Colour[] = [
    [200, 30, 30],
    [30, 160, 60],
    [40, 60, 190],
    [250, 240, 230],
  ];
  const plain = [quarters(few), quarters([[0, 0, 0]]), quarters(few.toReversed())];
  const shown = colours();
  const many = [shown, storedAs(shown, 3), repainted(shown, ([red, green, blue]) => [blue, red, green])];
  const seeThrough = many.map((frame, i) =>
    repainted(frame, (colour, x) => ((x >> 5) % 3 === i ? [0, 0, 0, 0] : colour)),
  );
  const turned = many.map((frame) => storedAs(frame, 6));
  const exact = { delay: [100, 40, 250], loop: 2, lossless: true, exact: true };
  const tagged = strip(turned).withMetadata({ orientation: 6 }).withXmp(HIDDEN);
  const files: [name: string, frames: Scene[], body: Promise<Buffer>][] = [
    ["animated GIF", plain, strip(plain).gif({ delay: exact.delay }).toBuffer()],
    ["animated WebP", many, strip(many).webp(exact).toBuffer()],
    ["animated WebP with holes", seeThrough, strip(seeThrough).webp(exact).toBuffer()],
    ["animated WebP, turned, with XMP", many, tagged.webp(exact).toBuffer()],
  ];
  return Promise.all(
    files.map(async ([name, frames, body]) => ({ name, frames, shows: frames[0] ?? shown, body: await body })),
  );
}

/** Frames one below the other, as sharp has them. */
function strip(frames: Scene[]): Sharp {
  const [{ width, height } = colours()] = frames;
  const raw = { width, height: height * frames.length, channels: 4, pageHeight: height } as const;
  return sharp(Buffer.concat(frames.map(({ data }) => data)), { raw });
}

/** Sides that round in every way, or are hardly there. */
async function sized(): Promise<Picture[]> {
  const sizes = [
    [1, 1],
    [1, 10_000],
    [10_000, 1],
    [3, 2_000],
    [101, 67],
    [67, 101],
    [97, 89],
    [240, 81],
    [81, 240],
  ];
  const halves = [
    [239, 159],
    [241, 161],
    [242, 121],
    [360, 69],
    [125, 25],
    [119, 118],
  ];
  return Promise.all(
    [...sizes, ...halves].map(async ([width = 1, height = 1]) => {
      const shows = colours(width, height);
      return { name: `${width} by ${height}`, body: await jpegOf(shows), shows };
    }),
  );
}

/** Files with more in them than a picture. */
async function loaded(): Promise<Picture[]> {
  const shows = colours();
  const jpeg = await jpegOf(shows);
  const exif = privateExif();
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${HIDDEN}</rdf:RDF></x:xmpmeta>`;
  const iptc = Buffer.concat([
    ascii("Photoshop 3.0\x008BIM"),
    u16(0x0404, 0),
    u32(17),
    u8(0x1c, 2, 80),
    u16(12),
    ascii(`${HIDDEN}\0`),
  ]);
  const all = behindStart(
    withExif(jpeg, exif),
    segment(0xe1, ascii(`http://ns.adobe.com/xap/1.0/\0${xmp}`)),
    segment(0xed, iptc),
    segment(0xfe, ascii(HIDDEN)),
  );
  const texts = [
    chunk("eXIf", exif),
    chunk("tEXt", ascii(`Comment\0${HIDDEN}`)),
    chunk("iTXt", ascii(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)),
  ];
  const tagged = () =>
    opaque(shows)
      .withExif({ IFD0: { Copyright: HIDDEN }, IFD3: { GPSLatitudeRef: "N" } })
      .withXmp(xmp);
  const red = await jpegOf(
    quarters(
      [
        [255, 0, 0],
        [255, 0, 0],
        [255, 0, 0],
        [255, 0, 0],
      ],
      16,
      16,
    ),
  );
  return [
    { name: "EXIF, GPS, XMP, IPTC, comment", body: all, shows },
    { name: "PNG with texts", body: withChunks(await pngOf(shows), ...texts), shows },
    { name: "WebP with EXIF and XMP", body: await tagged().webp(fine).toBuffer(), shows },
    { name: "AVIF with EXIF and XMP", body: await tagged().avif({ quality: 90, effort: 0 }).toBuffer(), shows },
    {
      name: "a thumbnail of another picture",
      body: withExif(await jpegOf(storedAs(shows, 6)), thumbnailExif(red)),
      shows,
    },
    {
      name: "a gain map",
      body: Buffer.concat([behindStart(jpeg, ...gainMapSegments(jpeg.length, red.length)), red]),
      shows,
    },
    { name: "a script behind its end", body: Buffer.concat([jpeg, ascii(`<script>${HIDDEN}</script>`)]), shows },
  ];
}

/** A directory whose copyright is the hidden text, and one of GPS data. */
function privateExif(): Buffer {
  const rows = directory([
    [0x8298, 2, HIDDEN.length, 38],
    [0x8825, 4, 1, 38 + HIDDEN.length],
  ]);
  const gps = Buffer.concat([u16(1), u16(1, 2), u32(2), ascii("N\0\0\0"), u32(0)]);
  return Buffer.concat([rows, ascii(HIDDEN), gps]);
}

/** Orientation 6, and a second directory with a small JPEG. */
function thumbnailExif(thumbnail: Buffer): Buffer {
  const first = directory([[274, 3, 1, 6 * 65_536]], 26);
  const entry = (tag: number, type: number, value: number) => Buffer.concat([u16(tag, type), u32(1, value)]);
  const second = [entry(0x0103, 3, 6 * 65_536), entry(0x0201, 4, 26 + 42), entry(0x0202, 4, thumbnail.length)];
  return Buffer.concat([first, u16(3), ...second, u32(0), thumbnail]);
}

/** As phones announce a second picture for bright screens (CIPA DC-007, and Google's Ultra HDR). */
function gainMapSegments(length: number, mapLength: number): Buffer[] {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0">${HIDDEN}</rdf:RDF></x:xmpmeta>`;
  const index = Buffer.concat([ascii("MPF\0MM"), u16(42), u32(8), u16(1), u16(0xb002, 7), u32(32, 26, 0)]);
  const entries = Buffer.concat([u32(0x00030000, length, 0, 0), u32(0, mapLength, length, 0)]);
  return [segment(0xe1, ascii(`http://ns.adobe.com/xap/1.0/\0${xmp}`)), segment(0xe2, Buffer.concat([index, entries]))];
}
