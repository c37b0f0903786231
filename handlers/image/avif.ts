import { codedFrames, itemData, pictureFile } from "./avifItems";
import { firstParts, kindOf, mediaBoxes, MOST_PARTS, type Bytes, type Part } from "./parts";

/** An AVIF as its boxes describe it (ISO 14496-12 and 23008-12). */
export interface AvifStructure {
  /** Boxes, and parts of the coded pictures. */
  boxes: number;
  /** 10 or 12 bits in any of its pictures. */
  isDeep: boolean;
  hasAlpha: boolean;
  /** Coded pictures that others are put together from, as files of their own. */
  sources: () => Generator<Buffer>;
  sourceCount: number;
  /** Of its largest picture, counted with every tile that it is put together from, and with every frame of each. */
  pixels: number;
  /** The data of its items, of which one may be EXIF data. */
  items: Buffer[];
}

/** Reads the boxes, or one more than are allowed. Throws where one breaks off. */
export function avifStructure(file: Bytes): AvifStructure {
  const boxes = firstParts(allBoxes(file, 0, file.length, 0));
  const all = (characters: string) => boxes.filter(({ kind }) => kind === kindOf(characters));
  if (all("meta").length > 1 || all("ipco").length > 1) throw new RangeError("more than one list of properties");
  const data = file.isPartial || boxes.length > MOST_PARTS ? undefined : itemData(file, all("iloc"), all("idat"));
  const { areas, coded, numbers } = areasOf(file, all("ipco"), all("ipma"));
  const derivations = sourcesOf(file, all("iref"), all("dimg"));
  const sources = new Set([...derivations.values()].flat());
  let units = 0;
  for (const item of coded) {
    const found = codedFrames(data?.get(item) ?? Buffer.alloc(0), MOST_PARTS - units);
    units += found.units;
    areas.set(item, (areas.get(item) ?? 0) * Math.max(1, found.frames));
  }
  return {
    boxes: boxes.length + units,
    // https://aomediacodec.github.io/av1-isobmff/#av1codecconfigurationbox-syntax
    isDeep: all("av1C").some(({ start }) => (file.readUInt8(start + 2) & 0x40) > 0),
    hasAlpha: all("auxC").length > 0,
    sourceCount: sources.size,
    sources: function* () {
      const list = all("ipco")[0];
      for (const item of sources) {
        const bytes = coded.has(item) ? data?.get(item) : undefined;
        if (bytes && list) yield pictureFile(bytes, file.subarray(list.start, list.end), numbers.get(item) ?? []);
      }
    },
    pixels: largestPicture(areas, derivations),
    items: [...(data?.values() ?? [])],
  };
}

/** Boxes that hold others, by how deep they lie, and how many bytes come before these. */
const containers: Record<string, number>[] = [{ meta: 4 }, { iprp: 0, iinf: 6, iref: 4, grpl: 0 }, { ipco: 0 }];

function* allBoxes(file: Bytes, from: number, to: number, depth: number): Generator<Part> {
  const holders = new Map(Object.entries(containers[depth] ?? {}).map(([kind, before]) => [kindOf(kind), before]));
  for (const box of mediaBoxes(file, from, Math.min(to, file.length))) {
    yield box;
    const before = holders.get(box.kind);
    if (before !== undefined) yield* allBoxes(file, box.start + before, box.end, depth + 1);
  }
}

/** Encoders turn, mirror and crop a picture once each; every further turn costs a pass over its pixels. */
const MOST_TURNS = 3;

/**
 * Pixels of each item, by its id, and the items that are coded as AV1. Items are associated with numbered properties, of
 * which `ispe` has their sides, and `av1C` tells how they are coded.
 */
function areasOf(file: Bytes, propertyLists: Part[], associations: Part[]) {
  const [spatial, configuration] = ["ispe", "av1C"].map(kindOf);
  const turning = ["irot", "imir", "clap"].map(kindOf);
  const properties = propertyLists.flatMap(({ start, end }) =>
    firstParts(mediaBoxes(file, start, Math.min(end, file.length))).map((property) => ({
      turns: turning.includes(property.kind),
      isConfiguration: property.kind === configuration,
      area:
        property.kind === spatial ? file.readUInt32BE(property.start + 4) * file.readUInt32BE(property.start + 8) : 0,
    })),
  );
  const areas = new Map<number, number>();
  const coded = new Set<number>();
  const numbers = new Map<number, number[]>();
  const turns = new Map<number, number>();
  for (const { start, end } of associations) {
    const idBytes = file.readUInt8(start) === 0 ? 2 : 4;
    const isWide = (file.readUInt8(start + 3) & 1) === 1;
    let at = start + 8;
    for (let entries = file.readUInt32BE(start + 4); entries > 0; entries--) {
      const item = file.readUIntBE(at, idBytes);
      const count = file.readUInt8(at + idBytes);
      at += idBytes + 1;
      stayWithin(end, at + count * (isWide ? 2 : 1));
      const ofItem = numbers.get(item) ?? [];
      numbers.set(item, ofItem);
      for (let i = 0; i < count; i++, at += isWide ? 2 : 1) {
        const number = isWide ? file.readUInt16BE(at) & 0x7fff : file.readUInt8(at) & 0x7f;
        const property = properties[number - 1];
        ofItem.push(number);
        areas.set(item, Math.max(areas.get(item) ?? 0, property?.area ?? 0));
        if (property?.isConfiguration) coded.add(item);
        if (property?.turns) turns.set(item, (turns.get(item) ?? 0) + 1);
      }
      if ((turns.get(item) ?? 0) > MOST_TURNS) throw new RangeError("a picture that is turned again and again");
    }
  }
  return { areas, coded, numbers };
}

/** The items that an item is put together from: tiles of a grid, layers, each as often as it is named. */
function sourcesOf(file: Bytes, references: Part[], derivations: Part[]): Map<number, number[]> {
  const sources = new Map<number, number[]>();
  for (const { start, end } of derivations) {
    const holder = references.find((each) => each.start <= start && start < each.end);
    const idBytes = holder && file.readUInt8(holder.start) > 0 ? 4 : 2;
    const item = file.readUIntBE(start, idBytes);
    const list = sources.get(item) ?? [];
    const first = start + idBytes + 2;
    const count = file.readUInt16BE(start + idBytes);
    stayWithin(end, first + count * idBytes);
    for (let i = 0; i < count; i++) list.push(file.readUIntBE(first + i * idBytes, idBytes));
    sources.set(item, list);
  }
  return sources;
}

/** A box names no more than it holds: thousands that each read on to the file's end would take minutes. */
function stayWithin(end: number, at: number): void {
  if (at > end) throw new RangeError("a list that is longer than its box");
}

/** How deep pictures may be put together from others that are put together. */
const MOST_LEVELS = 4;

function largestPicture(areas: Map<number, number>, sources: Map<number, number[]>): number {
  // Level by level, because a picture may name another one thousands of times.
  let pixels = areas;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const sums = new Map(areas);
    for (const [item, list] of sources) {
      sums.set(
        item,
        Math.max(
          areas.get(item) ?? 0,
          list.reduce((sum, source) => sum + (pixels.get(source) ?? 0), 0),
        ),
      );
    }
    pixels = sums;
  }
  return Math.max(0, ...pixels.values());
}
