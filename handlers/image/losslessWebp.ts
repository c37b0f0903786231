import { fillTable, hold, take, takeRepeats, type Reader } from "./deflate";
import { firstParts, kindOf, webpChunks, type Bytes, type Part } from "./parts";
import type { Size } from "./sizes";

/** CPU time in units of some 16 ns, as in demands.ts: of a set of five Huffman codes, and of an entry of a small picture. */
const SET = 1_300;
const ENTRY = 3;

/** Of a picture with these chunks in a WebP: of its pixels or its transparency, or more than `most`. */
export function costOfPicture(file: Bytes, chunks: Part[], { width, height }: Size, most: number): number {
  const [pixels, transparency] = ["VP8L", "ALPH"].map(kindOf);
  let cost = 0;
  for (const { kind, start, end } of chunks) {
    const data = kind === pixels || kind === transparency ? file.subarray(start, end) : Buffer.alloc(0);
    if (kind === pixels && data.length > PIXELS_START) {
      const sides = data.readUInt32LE(1);
      const stored = { width: 1 + (sides & 0x3fff), height: 1 + ((sides >> 14) & 0x3fff) };
      cost += costOfCodes(data.subarray(PIXELS_START), stored, most - cost);
    }
    const isLossless = kind === transparency && data.length > 1 && (data.readUInt8() & 3) === 1;
    if (isLossless) cost += costOfCodes(data.subarray(1), { width, height }, most - cost);
    if (cost > most) break;
  }
  return cost;
}

/** The same of a frame of an animation. */
export function costOfFrame(file: Bytes, { start, end }: Part, most: number): number {
  const size = { width: 1 + file.readUIntLE(start + 6, 3), height: 1 + file.readUIntLE(start + 9, 3) };
  // As if it were a file of its own, with twelve bytes before its chunks.
  const frame = file.subarray(start + 4, end);
  return costOfPicture(frame, firstParts(wholeChunks(frame)), size, most);
}

/** Those before the bytes that are not a chunk, which decoders pass over. */
function* wholeChunks(frame: Buffer): Generator<Part> {
  try {
    yield* webpChunks(frame);
  } catch {
    // It ends within a chunk's header.
  }
}

/** The same of all frames. */
export function costOfFrames(file: Bytes, most: number): number {
  const frame = kindOf("ANMF");
  let cost = 0;
  for (const part of firstParts(webpChunks(file)))
    if (part.kind === frame && cost <= most) cost += costOfFrame(file, part, most - cost);
  return cost;
}

/** A signature, and the sides. */
const PIXELS_START = 5;

/**
 * Cost of a lossless WebP's header beside its pixels, or more than `most`: up to 65,536 sets of Huffman codes, of which a
 * small picture tells where each is used. Other small pictures may stand before it. `data` begins behind the picture's sides.
 * https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification
 */
function costOfCodes(data: Uint8Array, { width, height }: Size, most: number): number {
  const reader: Reader = { data, at: 0, held: 0, bits: 0, cost: 0 };
  const parts = (side: number, bits: number) => Math.ceil(side / 2 ** bits);
  let across = width;
  while (take(reader, 1) === 1 && reader.cost <= most && reader.at <= data.length) {
    const transform = take(reader, 2);
    if (transform < 2) {
      const bits = take(reader, 3) + 2;
      highestSet(reader, parts(across, bits) * parts(height, bits), most);
    } else if (transform === 3) {
      const colours = take(reader, 8) + 1;
      highestSet(reader, colours, most);
      across = parts(across, colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0);
    }
  }
  if (take(reader, 1) === 1) take(reader, 4); // colours that are kept
  if (take(reader, 1) === 0) return reader.cost;
  const bits = take(reader, 3) + 2;
  const sets = 1 + highestSet(reader, parts(across, bits) * parts(height, bits), most);
  return reader.cost + sets * SET;
}

interface Code {
  table: Uint16Array;
  mask: number;
}

/** Reads a small picture; the highest number that its red and green make. Copies bring none that was not there before. */
function highestSet(reader: Reader, entries: number, most: number): number {
  const kept = take(reader, 1) === 1 ? 2 ** take(reader, 4) : 0;
  const [green, red, blue, alpha, distance] = [COLOURS + LENGTHS + kept, COLOURS, COLOURS, COLOURS, DISTANCES].map(
    (symbols) => readCode(reader, symbols),
  ) as [Code, Code, Code, Code, Code];
  // Where no code takes bits, all entries are the same.
  const isPlain = [green, red, blue, alpha].every(({ mask }) => mask === 0);
  let highest = 0;
  for (let left = entries; left > 0 && reader.cost <= most && reader.at <= reader.data.length + 4;) {
    reader.cost += ENTRY;
    const symbol = readSymbol(reader, green);
    if (symbol < COLOURS) {
      highest = Math.max(highest, (readSymbol(reader, red) << 8) | symbol);
      readSymbol(reader, blue);
      readSymbol(reader, alpha);
      left = isPlain ? 0 : left - 1;
    } else if (symbol < COLOURS + LENGTHS) {
      left -= readLength(reader, symbol - COLOURS);
      readLength(reader, readSymbol(reader, distance));
    } else left--;
  }
  return highest;
}

/** Symbols of each colour, of lengths of copies and of their distances. */
const COLOURS = 256;
const LENGTHS = 24;
const DISTANCES = 40;
/** In which order the lengths of the codes of lengths come. */
const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

function readCode(reader: Reader, symbols: number): Code {
  const lengths = new Uint8Array(symbols);
  if (take(reader, 1) === 1) {
    const count = take(reader, 1) + 1;
    lengths[take(reader, take(reader, 1) === 1 ? 8 : 1)] = 1;
    if (count === 2) lengths[take(reader, 8)] = 1;
    return codeOf(lengths);
  }
  const count = 4 + take(reader, 4);
  const own = new Uint8Array(ORDER.length);
  for (const symbol of ORDER.slice(0, count)) own[symbol] = take(reader, 3);
  const code = codeOf(own);
  let left = take(reader, 1) === 1 ? 2 + take(reader, 2 + 2 * take(reader, 3)) : symbols;
  let last = 8;
  for (let i = 0; i < symbols && left > 0; left--) {
    const length = readSymbol(reader, code);
    if (length < 16) {
      if (length > 0) last = length;
      lengths[i++] = length;
      continue;
    }
    const repeats = takeRepeats(reader, length);
    if (length === 16) lengths.fill(last, i, i + repeats);
    i += repeats;
  }
  return codeOf(lengths);
}

/** The code of a single symbol takes no bits. */
function codeOf(lengths: Uint8Array): Code {
  const used = lengths.filter((length) => length > 0).length;
  if (used === 1) return { table: Uint16Array.of(lengths.findIndex((length) => length > 0) << 4), mask: 0 };
  const table = new Uint16Array(2 ** Math.max(1, ...lengths));
  return { table, mask: fillTable(table, lengths) };
}

function readSymbol(reader: Reader, { table, mask }: Code): number {
  hold(reader, 15);
  const entry = table[reader.held & mask] ?? 0;
  take(reader, entry & 15);
  return entry >> 4;
}

function readLength(reader: Reader, prefix: number): number {
  if (prefix < 4) return prefix + 1;
  const extra = (prefix - 2) >> 1;
  return ((2 + (prefix & 1)) << extra) + take(reader, extra) + 1;
}
