import { crc32 } from "node:zlib";

import sharp from "sharp";

/** A file as an attacker, or a broken client, sends it. */
export interface HostileFile {
  name: string;
  body: Buffer;
}

const formats = ["jpeg", "png", "webp", "avif"] as const;
type Format = (typeof formats)[number];
const extensions: Record<Format, string> = { jpeg: "jpg", png: "png", webp: "webp", avif: "avif" };

/** Numbers from 0 up to 1 that are the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Noise, so that damage anywhere in it changes something. */
async function good(format: Format): Promise<Buffer> {
  const next = random(1);
  const pixels = Buffer.from(Array.from({ length: 160 * 120 * 3 }, () => Math.floor(next() * 256)));
  return sharp(pixels, { raw: { width: 160, height: 120, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Damaged, lying and foreign files: the same in each run. */
export async function hostileFiles(): Promise<HostileFile[]> {
  const files: HostileFile[] = [];
  const images = new Map<Format, Buffer>();
  for (const format of formats) images.set(format, await good(format));
  for (const [format, image] of images) {
    const add = (what: string, body: Buffer) => files.push({ name: `${format} ${what}.${extensions[format]}`, body });
    for (const part of [0.01, 0.1, 0.5, 0.9, 0.999]) add(`cut at ${part}`, image.subarray(0, image.length * part));
    for (let seed = 1; seed <= 8; seed++) add(`damaged ${seed}`, damaged(image, seed));
    add("twice", Buffer.concat([image, image]));
    add("with a script behind it", Buffer.concat([image, Buffer.from("<script>alert(1)</script>")]));
    for (const [other, foreign] of images)
      if (other !== format)
        add(`with the head of ${other}`, Buffer.concat([foreign.subarray(0, 60), image.subarray(60)]));
    add("with huge sides", withHugeSides(format, image));
  }
  for (const [what, text] of foreignFiles) files.push({ name: `${what}.jpg`, body: Buffer.from(text, "latin1") });
  files.push({ name: "many frames.webp", body: await manyFrames() });
  files.push({ name: "many comments.jpg", body: manyComments(images.get("jpeg") ?? Buffer.alloc(0)) });
  files.push({ name: "blown up.png", body: await blownUp() });
  return files;
}

const foreignFiles = [
  ["empty", ""],
  ["one byte", "\xff"],
  ["start of a JPEG", "\xff\xd8\xff"],
  ["text", "I am a letter"],
  ["drawing", '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a" id="a"/></svg>'],
  ["page", "<!doctype html><script>alert(1)</script>"],
  ["document", "%PDF-1.7\n1 0 obj"],
  ["archive", "PK\x03\x04\x14\x00\x00\x00"],
  ["program", "\x7fELF\x02\x01\x01\x00"],
  [
    "TIFF that points to itself",
    "II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00",
  ],
  ["HEIC without content", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"],
  ["PostScript", "%!PS-Adobe-3.0 EPSF-3.0\n"],
] as const;

/** Some bytes behind the first 20 are others. */
function damaged(image: Buffer, seed: number): Buffer {
  const next = random(seed);
  const copy = Buffer.from(image);
  for (let count = 0; count < 4 * seed; count++)
    copy[20 + Math.floor(next() * (copy.length - 20))] = Math.floor(next() * 256);
  return copy;
}

/** A header that promises far more pixels than there are. */
function withHugeSides(format: Format, image: Buffer): Buffer {
  const copy = Buffer.from(image);
  if (format === "png") {
    copy.writeUInt32BE(60_000, 16);
    copy.writeUInt32BE(60_000, 20);
    copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  }
  if (format === "jpeg")
    copy.fill(0xff, copy.indexOf(Buffer.from([0xff, 0xc0])) + 5, copy.indexOf(Buffer.from([0xff, 0xc0])) + 9);
  // The frame header of VP8 has 14 bits for each side.
  if (format === "webp") copy.writeUInt32LE(0x3fff_3fff, 26);
  if (format === "avif") copy.fill(0x7f, copy.indexOf("ispe") + 8, copy.indexOf("ispe") + 16);
  return copy;
}

/** An animation of very many very small frames. */
function manyFrames(): Promise<Buffer> {
  const [side, frames] = [4, 1000];
  const next = random(2);
  const pixels = Buffer.from(Array.from({ length: side * side * frames * 3 }, () => Math.floor(next() * 256)));
  return sharp(pixels, { raw: { width: side, height: side * frames, channels: 3, pageHeight: side } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
}

function manyComments(image: Buffer): Buffer {
  const comment = Buffer.from([0xff, 0xfe, 0x00, 0x03, 0x20]);
  return Buffer.concat([image.subarray(0, 2), ...Array.from({ length: 100_000 }, () => comment), image.subarray(2)]);
}

/** 81 megapixels of one colour in a few kilobytes: no more than is allowed. */
function blownUp(): Promise<Buffer> {
  const create = { width: 9000, height: 9000, channels: 3 as const, background: "#fff" };
  return sharp({ create }).png({ compressionLevel: 9, palette: true }).toBuffer();
}
