import { crc32 } from "node:zlib";
import sharp from "sharp";
import { random } from "./bytes";
import type { HostileFile } from "./file";
import { flat, noise } from "./pictures";
import * as jpeg from "./jpeg";
import { png } from "./png";
import * as webp from "./webp";
import * as exif from "./exif";

/** Small pictures of every format and of many kinds, which are then damaged. */
async function originals(): Promise<[extension: string, body: Buffer, animated: boolean][]> {
  const colours = noise(48, 40);
  const alpha = noise(48, 40, 4, 2);
  const frames = await noise(24, 60, 3, 3).raw().toBuffer();
  const animated = { raw: { width: 24, height: 60, channels: 3, pageHeight: 20 } } as const;
  const all: [string, Promise<Buffer> | Buffer, boolean?][] = [
    ["jpg", colours.clone().jpeg().toBuffer()],
    ["jpg", colours.clone().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }).toBuffer()],
    ["jpg", colours.clone().toColourspace("cmyk").withIccProfile("cmyk").jpeg().toBuffer()],
    ["jpg", colours.clone().withMetadata({ orientation: 6 }).withIccProfile("p3").jpeg().toBuffer()],
    ["jpg", colours.clone().greyscale().jpeg().toBuffer()],
    ["jpg", jpeg.scans(64, 64, 12)],
    ["png", colours.clone().png().toBuffer()],
    ["png", alpha.clone().png({ progressive: true }).toBuffer()],
    ["png", alpha.clone().toColourspace("rgb16").withIccProfile("p3").png().toBuffer()],
    ["png", colours.clone().withMetadata({ orientation: 8 }).png({ palette: true }).toBuffer()],
    ["png", png({ width: 40, height: 40, depth: 1, colour: 0 })],
    ["webp", colours.clone().webp().toBuffer()],
    ["webp", alpha.clone().webp({ quality: 60 }).toBuffer()],
    ["webp", alpha.clone().webp({ lossless: true }).toBuffer()],
    ["webp", colours.clone().withMetadata({ orientation: 3 }).withIccProfile("p3").webp().toBuffer()],
    ["webp", webp.animation(5, 16, 16), true],
    ["webp", sharp(frames, animated).withMetadata({ orientation: 6 }).webp({ effort: 0 }).toBuffer(), true],
    ["avif", colours.clone().avif({ effort: 0 }).toBuffer()],
    ["avif", alpha.clone().avif({ effort: 0 }).toBuffer()],
    ["avif", flat(300, 200).avif({ effort: 0, bitdepth: 10 }).toBuffer()],
    ["gif", colours.clone().gif().toBuffer()],
    [
      "gif",
      sharp(frames, animated)
        .gif({ delay: [9, 9, 9] })
        .toBuffer(),
      true,
    ],
    ["tiff", colours.clone().tiff({ compression: "deflate" }).toBuffer()],
    ["tiff", alpha.clone().tiff({ compression: "lzw", tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer()],
    ["tiff", colours.clone().tiff({ compression: "jpeg" }).toBuffer()],
    ["tiff", Buffer.concat([exif.manyTags(20), Buffer.alloc(200)])],
  ];
  return Promise.all(
    all.map(async ([extension, body, animated = false]) => [extension, await body, animated] as const),
  );
}

/**
 * Damaged pictures: as many as are asked for, the same for the same seed.
 * @example
 * for (const { name, body } of await mutations(100, 1)) await service.put(name, await body());
 */
export async function mutations(count: number, seed: number): Promise<HostileFile[]> {
  const bases = await originals();
  return Array.from({ length: count }, (_, i) => {
    const [extension, body, animated] = bases[i % bases.length] ?? ["bin", Buffer.alloc(0), false];
    return {
      animated,
      name: `mutation ${seed}-${i}.${extension}`,
      body: () =>
        mutated(
          body,
          random(seed * 1_000_003 + i),
          bases.map(([, other]) => other),
        ),
    };
  });
}

type Random = () => number;
type Mutation = (body: Buffer, next: Random, others: Buffer[]) => Buffer;

function mutated(original: Buffer, next: Random, others: Buffer[]): Buffer {
  let body: Buffer = Buffer.from(original);
  const steps = 1 + below(next, 4);
  for (let step = 0; step < steps; step++) body = pick(next, kinds)(body, next, others);
  return next() < 0.7 ? withChecksums(body) : body;
}

/** Numbers at which lengths and sides go wrong. */
const numbers = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  4096,
  32_767,
  32_768,
  65_535,
  65_536,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

/** Headers are at the beginning: most changes are there. */
function place(body: Buffer, next: Random): number {
  return below(next, next() < 0.6 ? Math.min(body.length, 400) : body.length);
}

const kinds: Mutation[] = [
  (body, next) => {
    for (let i = 0; i < 1 + next() * 8; i++) body[place(body, next)] = below(next, 256);
    return body;
  },
  (body, next) => {
    const at = place(body, next);
    body[at] = (body[at] ?? 0) ^ (1 << below(next, 8));
    return body;
  },
  (body, next) => {
    const width = pick(next, [1, 2, 4]);
    if (body.length < width) return body;
    const at = Math.min(place(body, next), body.length - width);
    const value = pick(next, numbers) % 256 ** width;
    if (next() < 0.5) body.writeUIntBE(value, at, width);
    else body.writeUIntLE(value, at, width);
    return body;
  },
  (body, next) => {
    const at = place(body, next);
    return body.fill(pick(next, [0, 0xff, 0x80]), at, Math.min(body.length, at + below(next, 64)));
  },
  (body, next) => {
    const at = place(body, next);
    return Buffer.concat([body.subarray(0, at), body.subarray(at + below(next, 32))]);
  },
  (body, next) => {
    const at = place(body, next);
    const part = body.subarray(at, at + below(next, 200));
    return Buffer.concat([body.subarray(0, at), ...Array<Buffer>(1 + below(next, 20)).fill(part), body.subarray(at)]);
  },
  (body, next) => Buffer.concat([body.subarray(0, place(body, next)), pick(next, endMarks)]),
  (body, next, others) => {
    const other = pick(next, others);
    const at = place(body, next);
    return Buffer.concat([body.subarray(0, at), other.subarray(Math.min(at, other.length))]);
  },
];

/** Of JPEG, PNG and GIF, and none. */
const endMarks = [jpeg.END, Buffer.from("0000000049454e44ae426082", "hex"), Buffer.of(0, 0x3b), Buffer.alloc(0)];

/** Checksums of a PNG's chunks, made right again as far as its lengths allow. */
function withChecksums(body: Buffer): Buffer {
  if (body.toString("latin1", 1, 4) !== "PNG") return body;
  for (let at = 8; at + 12 <= body.length;) {
    const end = at + 8 + body.readUInt32BE(at);
    if (end + 4 > body.length) break;
    body.writeUInt32BE(crc32(body.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return body;
}

const below = (next: Random, limit: number): number => Math.floor(next() * limit);

function pick<T>(next: Random, list: readonly T[]): T {
  const picked = list[below(next, list.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}
