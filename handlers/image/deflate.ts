/** Compressed data (RFC 1951, behind the two bytes of RFC 1950) that is looked through. */
export interface Reader {
  data: Uint8Array;
  /** The next byte, and bits that were taken from those before it. */
  at: number;
  held: number;
  bits: number;
  /** CPU time in units of some 16 ns, as in demands.ts: of looking, and of what a decoder inflates. */
  cost: number;
}

/** Costs of a literal, a copy of earlier bytes, and each of its bytes; of a block, and each entry of its tables. */
const LITERAL = 0.6;
const COPY = 1.1;
const COPIED = 0.0055;
const BLOCK = 450;
const ENTRY = 0.04;
/** The most that a byte can cost a decoder: as an empty block, or as a thousand bytes that repeat one. */
export const WORST_BYTE = 5.5;

/**
 * Whether compressed data is inflated within a cost, looking at no more of it than that takes: the bytes that are left
 * count as if they were the worst. Damaged data is left to the decoder.
 */
export const isInflatedWithin = (data: Uint8Array, most: number): boolean =>
  costOfInflating(data, most, WORST_BYTE) <= most;

/** The same of several together, which are looked at whole where that is not affordable at worst. */
export function areInflatedWithin(pieces: Uint8Array[], most: number): boolean {
  if (pieces.reduce((sum, { length }) => sum + length, 0) * WORST_BYTE <= most) return true;
  let cost = 0;
  for (const piece of pieces) if (cost <= most) cost += costOfInflating(piece, most - cost, Infinity);
  return cost <= most;
}

/** The cost, each byte that is not looked at counting as `worst`, or more than `most`. */
function costOfInflating(data: Uint8Array, most: number, worst: number): number {
  const reader: Reader = { data, at: 2, held: 0, bits: 0, cost: 0 };
  const [symbols, distances] = [new Uint16Array(LONGEST), new Uint16Array(LONGEST)];
  const bases = Uint16Array.from(BASES);
  for (let isLast = false; !isLast;) {
    if (reader.cost > most) return reader.cost;
    const left = data.length - reader.at;
    if (left <= 0 || reader.cost + left * worst <= most) return reader.cost + Math.max(0, left * worst);
    reader.cost += BLOCK;
    isLast = take(reader, 1) === 1;
    const kind = take(reader, 2);
    if (kind === 0) {
      reader.at -= reader.bits >> 3;
      reader.held = reader.bits = 0;
      const length = take(reader, 16);
      reader.at += 2 + length;
      continue;
    }
    const codes = kind === 1 ? fixedCodes() : kind === 2 ? ownCodes(reader, symbols) : undefined;
    if (!codes) break;
    const masks = [fillTable(symbols, codes.symbols), fillTable(distances, codes.distances)] as const;
    reader.cost += (masks[0] + masks[1]) * ENTRY;
    if (!passBlock(reader, symbols, distances, masks, bases, most, worst)) break;
  }
  return Math.min(reader.cost, most);
}

/** Lengths of codes, by their symbol. */
interface Codes {
  symbols: Uint8Array;
  distances: Uint8Array;
}

/** Of as many bits as a code can have. */
const LONGEST = 2 ** 15;
const SYMBOLS = 288;
const DISTANCES = 32;
/** The shortest copy that each symbol from 257 on stands for. */
const BASES = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258, 0,
  0,
];
/** In which order the lengths of the codes of lengths come. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const fixedCodes = (): Codes => ({
  symbols: new Uint8Array(SYMBOLS).fill(8).fill(9, 144, 256).fill(7, 256, 280),
  distances: new Uint8Array(DISTANCES).fill(5),
});

/** Those that a block brings; undefined where they are damaged. */
function ownCodes(reader: Reader, table: Uint16Array): Codes | undefined {
  const [symbols, distances, count] = [257 + take(reader, 5), 1 + take(reader, 5), 4 + take(reader, 4)];
  const own = new Uint8Array(ORDER.length);
  for (const symbol of ORDER.slice(0, count)) own[symbol] = take(reader, 3);
  const mask = fillTable(table, own);
  const all = new Uint8Array(symbols + distances);
  for (let i = 0; i < all.length;) {
    hold(reader, 7);
    const code = table[reader.held & mask] ?? 0;
    if (code === 0) return undefined;
    take(reader, code & 15);
    const length = code >> 4;
    if (length < 16) {
      all[i++] = length;
      continue;
    }
    const repeats = takeRepeats(reader, length);
    all.fill(length === 16 ? (all[i - 1] ?? 0) : 0, i, i + repeats);
    i += repeats;
  }
  return { symbols: all.subarray(0, symbols), distances: all.subarray(symbols) };
}

/** How often a length is repeated by the symbol 16, or zero by 17 and 18: in deflate as in a lossless WebP. */
export function takeRepeats(reader: Reader, symbol: number): number {
  if (symbol === 16) return 3 + take(reader, 2);
  return symbol === 17 ? 3 + take(reader, 3) : 11 + take(reader, 7);
}

/** Each entry is a symbol and the length of its code, which its index ends with, bit by bit. Returns the mask of an index. */
export function fillTable(table: Uint16Array, lengths: Uint8Array): number {
  const counts = new Uint16Array(17);
  let longest = 1;
  for (const length of lengths) {
    counts[length] = (counts[length] ?? 0) + 1;
    if (length > longest) longest = length;
  }
  const next = new Uint16Array(17);
  for (let length = 2; length < 16; length++) next[length] = ((next[length - 1] ?? 0) + (counts[length - 1] ?? 0)) << 1;
  const size = 1 << longest;
  table.fill(0, 0, size);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    let code = next[length] ?? 0;
    next[length] = code + 1;
    let first = 0;
    for (let bit = 0; bit < length; bit++, code >>= 1) first = (first << 1) | (code & 1);
    for (let at = first; at < size; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return size - 1;
}

/** Adds what a block costs, as far as that matters; false where it is damaged. Names of the module would be slow in here. */
function passBlock(
  reader: Reader,
  symbols: Uint16Array,
  distances: Uint16Array,
  [symbolMask, distanceMask]: readonly [number, number],
  bases: Uint16Array,
  most: number,
  worst: number,
): boolean {
  const { data } = reader;
  const [literal, copy, copied] = [LITERAL, COPY, COPIED];
  let { at, held, bits, cost } = reader;
  let isWhole = true;
  for (;;) {
    if (bits < 15) {
      if (cost > most || at >= data.length || cost + (data.length - at) * worst <= most) break;
      held |= ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) << bits;
      at += 2;
      bits += 16;
    }
    const code = symbols[held & symbolMask] ?? 0;
    held >>>= code & 15;
    bits -= code & 15;
    isWhole = code !== 0;
    if (!isWhole) break;
    if (code < 4_096) {
      cost += literal;
      continue;
    }
    if (code < 4_112) break; // the end of the block
    const length = (code >> 4) - 257;
    const more = length < 8 || length >= 28 ? 0 : (length >> 2) - 1;
    if (bits < 15) {
      held |= ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) << bits;
      at += 2;
      bits += 16;
    }
    cost += copy + ((bases[length] ?? 0) + (held & ((1 << more) - 1))) * copied;
    held >>>= more;
    bits -= more;
    if (bits < 15) {
      held |= ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) << bits;
      at += 2;
      bits += 16;
    }
    const distance = distances[held & distanceMask] ?? 0;
    isWhole = distance !== 0;
    if (!isWhole) break;
    held >>>= distance & 15;
    bits -= distance & 15;
    const far = distance < 64 ? 0 : (distance >> 5) - 1;
    if (bits < far) {
      held |= ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) << bits;
      at += 2;
      bits += 16;
    }
    held >>>= far;
    bits -= far;
  }
  Object.assign(reader, { at, held, bits, cost });
  return isWhole;
}

/** Has at least so many bits at hand; behind the end they are zeros. */
export function hold(reader: Reader, count: number): void {
  for (; reader.bits < count; reader.bits += 8) reader.held |= (reader.data[reader.at++] ?? 0) << reader.bits;
}

export function take(reader: Reader, count: number): number {
  hold(reader, count);
  const value = reader.held & ((1 << count) - 1);
  reader.held >>>= count;
  reader.bits -= count;
  return value;
}
