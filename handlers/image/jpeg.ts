import { zerosAtEnd } from "./jpegZeros";
import { jpegSegments, MOST_PARTS, PROGRESSIVE, SOS, type Bytes } from "./parts";

/** A JPEG as its markers describe it (ITU-T T.81, B.2). */
export interface JpegStructure {
  /** Of the frame: its marker's second byte, and bits of a sample. */
  kind: number;
  precision: number;
  components: number;
  segments: number;
  /** How often decoding passes over a whole component at full size. */
  passes: number;
  /** How many of these refine coefficients of an earlier scan, each of which is looked at. */
  refinements: number;
  /** Whether it was cut: it breaks off, or its scans leave out coefficients of a component. */
  isPartial: boolean;
}

interface Component {
  /** Of the largest component's samples. */
  share: number;
  /** Which of its 64 coefficients scans bring. */
  seen: boolean[];
}

/**
 * Reads the markers up to the end of the image, or one more than are allowed. Throws where there is no frame before the
 * first scan.
 */
export function jpegStructure(file: Bytes): JpegStructure {
  let frame: { kind: number; precision: number; components: Map<number, Component> } | undefined;
  let segments = 0;
  let [passes, refinements] = [0, 0];
  let breaksOff = false;
  try {
    for (const { kind, start } of jpegSegments(file)) {
      if (++segments > MOST_PARTS) break;
      if (isFrame(kind)) frame ??= { kind, precision: file.readUInt8(start), components: componentsOf(file, start) };
      if (kind !== SOS) continue;
      if (!frame) throw new RangeError("a scan before its frame");
      const scanned = scan(file, start, frame.components, frame.kind === PROGRESSIVE);
      passes += scanned.passes;
      if (scanned.refines) refinements += scanned.passes;
    }
  } catch (error) {
    if (!frame) throw error;
    breaksOff = true; // a read beyond the end
  }
  const isCounted = segments <= MOST_PARTS;
  if (!frame && isCounted) throw new RangeError("no frame");
  const { kind, precision, components } = frame ?? {
    kind: 0xc0,
    precision: 8,
    components: new Map<number, Component>(),
  };
  const isWhole = !breaksOff && [...components.values()].every(({ seen }) => !seen.includes(false));
  const isPartial = isCounted && !file.isPartial && !isWhole;
  return { kind, precision, components: components.size, segments, passes, refinements, isPartial };
}

/** Start of a frame; the other markers of this range define Huffman tables, arithmetic coding, and an extension. */
export const isFrame = (kind: number) => kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);

/**
 * The same picture without what libjpeg warns of although no pixel is missing: bytes between the segments of its header,
 * and a sequential scan that names other coefficients than all. So a warning that is left tells of damage. Nor with zeros
 * at its end, which libjpeg would make pixels of.
 */
export function tidyJpeg(file: Buffer): Buffer {
  const pieces: Uint8Array[] = [file.subarray(0, 2)];
  let isSequential = false;
  let pixels = file.length;
  for (const { kind, start, end } of jpegSegments(file)) {
    if (isFrame(kind)) isSequential = kind !== PROGRESSIVE;
    if (kind === SOS) {
      const parameters = isSequential ? Uint8Array.of(0, 63, 0) : file.subarray(end - 3, end);
      pieces.push(file.subarray(start - 4, end - 3), parameters);
      pixels = end;
      break;
    }
    pieces.push(file.subarray(start - 4, end));
  }
  const header = Buffer.concat(pieces);
  const [start, end] = zerosAtEnd(file, pixels) ?? [pixels, pixels];
  // Most are tidy, and copying one costs as much as encoding a small rendition.
  if (start === end && header.equals(file.subarray(0, pixels))) return file;
  return Buffer.concat([header, file.subarray(pixels, start), file.subarray(end)]);
}

/** By their id. Behind precision and sides comes their number, then id, sampling and table of each. */
function componentsOf(file: Bytes, start: number): Map<number, Component> {
  const sampling = Array.from({ length: file.readUInt8(start + 5) }, (_, i) => {
    const factors = file.readUInt8(start + 6 + 3 * i + 1);
    return { id: file.readUInt8(start + 6 + 3 * i), across: factors >> 4, down: factors & 15 };
  });
  const across = Math.max(1, ...sampling.map((each) => each.across));
  const down = Math.max(1, ...sampling.map((each) => each.down));
  return new Map(
    sampling.map((each) => [
      each.id,
      { share: (each.across * each.down) / (across * down), seen: Array<boolean>(64).fill(false) },
    ]),
  );
}

/** Notes the coefficients that a scan brings; tells over how much of a full component it passes, and whether again. */
function scan(file: Bytes, start: number, components: Map<number, Component>, progressive: boolean) {
  const count = file.readUInt8(start);
  // Decoders take a sequential scan for whole, whatever it says.
  const first = progressive ? file.readUInt8(start + 1 + 2 * count) : 0;
  const last = progressive ? Math.min(63, file.readUInt8(start + 2 + 2 * count)) : 63;
  let passes = 0;
  for (let i = 0; i < count; i++) {
    const component = components.get(file.readUInt8(start + 1 + 2 * i));
    if (!component) continue;
    passes += component.share;
    for (let coefficient = first; coefficient <= last; coefficient++) component.seen[coefficient] = true;
  }
  // A scan of first coefficients alone takes a bit of each block.
  const refines = progressive && first > 0 && file.readUInt8(start + 3 + 2 * count) >> 4 > 0;
  return { passes, refines };
}
