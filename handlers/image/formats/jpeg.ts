import { readerOfAll, type Bytes } from "../bytes";
import { isMarked, orientationOf, turned } from "../exif";
import type { Format, Part } from "./format";

/** Its kind is the second byte of its marker (ITU-T T.81, B.1.1). */
type Segment = Part<number>;

/** Markers: Huffman tables, the end of the image, a scan, a progressive frame; data of JFIF, EXIF and Adobe. */
const [DHT, EOI, SOS, PROGRESSIVE, APP0, APP1, APP14] = [0xc4, 0xd9, 0xda, 0xc2, 0xe0, 0xe1, 0xee];
/** A frame begins, in one of its kinds. */
const isFrame = (kind: number) => kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);

/**
 * The segments up to the end of the image, or to the first scan of a file that is only partly at hand. Other bytes between
 * segments are passed over, as decoders do; the pixels of a scan are such bytes.
 */
export function* jpegSegments(file: Bytes): Generator<Segment> {
  let kind = 0;
  for (let at = 2; kind !== EOI;) {
    const markerAt = nextMarker(file, at);
    kind = file.uint(markerAt, 1);
    const start = markerAt + 1;
    const end = kind === EOI ? start : start + Math.max(2, file.uint(start, 2));
    yield { kind, start: Math.min(start + 2, end), end };
    if (file.isPartial && kind === SOS) return;
    at = end;
  }
}

/** Where the second byte of the next marker is that is not a stuffed zero, a restart or another one without content. */
function nextMarker(file: Bytes, from: number): number {
  let window = 16;
  for (let at = from; at + 1 < file.length; at += window / 2) {
    const bytes = file.slice(at, at + window + 1);
    // Names of the module would be slow in here: Pulumi serialises them into a `with`.
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length;) {
      const kind = bytes[i + 1] ?? 0;
      if (kind > 0x01 && kind < 0xff && (kind < 0xd0 || kind > 0xd8)) return at + i + 1;
      // Step by step at first: a call of `indexOf`, which is far faster, costs as much as many steps.
      const far = i + 16;
      do i++;
      while (i < far && i < bytes.length && bytes[i] !== 0xff);
      if (bytes[i] !== 0xff) i = bytes.indexOf(0xff, i);
    }
    window *= 2;
  }
  throw new RangeError("premature end: no further marker");
}

/** The contents of a frame: precision, sides, and its components' ids, which stand before sampling and table of each. */
function frameOf(file: Bytes, { kind, start }: Segment) {
  const components = Array.from({ length: file.uint(start + 5, 1) }, (_, i) => file.uint(start + 6 + 3 * i, 1));
  return {
    kind,
    precision: file.uint(start, 1),
    height: file.uint(start + 1, 2),
    width: file.uint(start + 3, 2),
    components,
  };
}

/** Whether scans bring every coefficient of every component. Throws where the file breaks off. */
function isWhole(file: Bytes): boolean {
  // A bit for each of the 64 coefficients.
  const upTo = (coefficient: number) => (1n << BigInt(coefficient)) - 1n;
  const seen = new Map<number, bigint>();
  let isProgressive: boolean | undefined;
  for (const segment of jpegSegments(file)) {
    const { kind, start } = segment;
    if (isFrame(kind) && isProgressive === undefined) {
      isProgressive = kind === PROGRESSIVE;
      for (const component of frameOf(file, segment).components) seen.set(component, 0n);
    }
    if (kind !== SOS) continue;
    const count = file.uint(start, 1);
    const selection = start + 1 + 2 * count;
    // Decoders take a sequential scan for whole, whatever it says.
    const first = isProgressive ? file.uint(selection, 1) : 0;
    const end = isProgressive ? file.uint(selection + 1, 1) + 1 : 64;
    const brought = upTo(end) & ~upTo(first);
    for (let i = 0; i < count; i++) {
      const component = file.uint(start + 1 + 2 * i, 1);
      seen.set(component, (seen.get(component) ?? 0n) | brought);
    }
  }
  return isProgressive !== undefined && [...seen.values()].every((bits) => (bits & upTo(64)) === upTo(64));
}

/** How much of the end is looked at where the middle is not at hand. */
const END_BYTES = 65_536;
/**
 * Pixels to their end, with no marker but restarts: what cameras put behind an image is something else. Other data could
 * have a few stuffed zeros by chance.
 */
const SCAN = /^[^\xff]*(?:\xff[\0\xd0-\xd7][^\xff]*){16,}\xff?$/;

export const jpeg: Format = {
  name: "JPEG",
  longestSide: 65_500,
  matches: (start) => start.startsWith("\xff\xd8\xff"),
  header(file) {
    let orientation: number | undefined;
    let frame: ReturnType<typeof frameOf> | undefined;
    for (const segment of jpegSegments(file)) {
      const { kind, start } = segment;
      if (kind === SOS) break;
      if (kind === APP1 && isMarked(file, start)) orientation ??= orientationOf(file, start);
      if (isFrame(kind)) frame ??= frameOf(file, segment);
    }
    if (!frame) throw new RangeError("no frame");
    const { kind, precision, width, height, components } = frame;
    // Those that browsers show: baseline, extended and progressive, with Huffman coding.
    const isShown = kind <= PROGRESSIVE && precision === 8 && components.length !== 2;
    const other = "a JPEG with lossless or arithmetic coding, with more than 8 bits, or of two colours";
    return turned({ width, height, unsupported: !isShown && other }, orientation);
  },
  isComplete(file) {
    if (!file.isPartial) return isWhole(file);
    const segments = jpegSegments(file);
    while (!segments.next().done);
    return !SCAN.test(file.slice(Math.max(0, file.length - END_BYTES), file.length).toString("latin1"));
  },
  loaders: ["VipsForeignLoadJpegBuffer", "VipsForeignLoadJpegFile"], // the file: shrink.ts
  /**
   * libjpeg warns of bytes between segments, of a sequential scan that names other coefficients than all, of a later JFIF
   * and of an unknown transformation by Adobe. It makes some pattern of zeros at the end, where it would else warn.
   */
  tidy(file) {
    const header: Segment[] = [];
    for (const segment of jpegSegments(readerOfAll(file))) if (header.push(segment) && segment.kind === SOS) break;
    const frame = header.find(({ kind }) => isFrame(kind));
    const colours = frame && file.readUInt8(frame.start + 5);
    const pieces = [file.subarray(0, 2)];
    for (const { kind, start, end } of header) {
      const piece = Buffer.from(file.subarray(start - 4, end));
      const names = (text: string) => piece.toString("latin1", 4, 4 + text.length) === text;
      if (kind === APP0 && names("JFIF\0")) piece[9] = 1;
      if (kind === APP14 && names("Adobe") && piece[15] !== 0) piece[15] = colours === 4 ? 2 : 1;
      if (kind === SOS && frame?.kind !== PROGRESSIVE) piece.set([0, 63, 0], piece.length - 3);
      pieces.push(piece);
    }
    const tidied = Buffer.concat(pieces);
    const pixels = header.at(-1)?.end ?? 0;
    const [start, end] = zerosAtEnd(file, pixels) ?? [pixels, pixels];
    // Most are tidy, and copying one costs as much as encoding a small rendition.
    if (start === end && tidied.equals(file.subarray(0, pixels))) return file;
    return Buffer.concat([tidied, file.subarray(pixels, start), file.subarray(end)]);
  },
  /** It fills with grey. */
  warnsOfDamage: () => true,
  verify(file) {
    if (!isWhole(readerOfAll(file))) throw new RangeError("premature end: scans are missing");
  },
};

/** Fewer zeros than these may be pixels by chance. */
const MANY = 64;

/**
 * Where zeros before the end mark begin and end that stand for nothing: cameras pad with them, and a copy that broke off may
 * have them in place of its rest. Zeros are pixels where the first codes of all tables mean a block like the one before it,
 * as in a blank page with tables of its own. In a progressive JPEG they may stand for anything.
 */
function zerosAtEnd(file: Buffer, pixels: number): [start: number, end: number] | undefined {
  if (!file.includes(Buffer.alloc(MANY), pixels)) return undefined; // as most
  const segments = [...jpegSegments(readerOfAll(file))];
  const end = (segments.at(-1)?.end ?? 0) - 2;
  let start = end;
  while (file[start - 1] === 0) start--;
  if (end - start < MANY || segments.some(({ kind }) => kind === PROGRESSIVE)) return undefined;
  /** The first symbol of each table, by its class and number. */
  const symbols = new Map<number, number>();
  let mayBePixels = true;
  for (const { kind, start: from, end: to } of segments) {
    // Each table is its class and number, sixteen counts of codes by their length, and the symbols.
    for (let at = from; kind === DHT && at + 17 < to;) {
      symbols.set(file.readUInt8(at), file.readUInt8(at + 17));
      at += file.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 17);
    }
    if (kind !== SOS) continue;
    // Of each component one for the difference from the block before, and one for the rest.
    const numbers = Array.from({ length: file.readUInt8(from) }, (_, i) => file.readUInt8(from + 2 + 2 * i));
    const tables = numbers.flatMap((number) => [number >> 4, 0x10 | (number & 15)]);
    mayBePixels = tables.every((table) => symbols.get(table) === 0);
  }
  return mayBePixels ? undefined : [start, end];
}
