import { readerOfAll, type Bytes } from "../bytes";
import { turned } from "../exif";
import type { Format, Part } from "./format";

/** The boxes (ISO 14496-12) between two offsets, up to bytes that are not a box. */
function* boxesOf(file: Bytes, from: number, to: number): Generator<Part> {
  for (let at = from; at < to;) {
    const size = file.uint(at, 4);
    const isLong = size === 1;
    const length = isLong ? file.uint(at + 8, 8) : size === 0 ? to - at : size;
    if (length < 8) return;
    const kind = file.text(at + 4, 4);
    yield { kind, start: at + (isLong ? 16 : 8), end: at + length };
    at += length;
  }
}

/** The boxes inside the first one that this path leads to. */
function* boxesIn(file: Bytes, ...path: string[]): Generator<Part> {
  let [start, end] = [0, file.length];
  for (const kind of path) {
    const found = [...boxesOf(file, start, Math.min(end, file.length))].find((box) => box.kind === kind);
    if (!found) return;
    const isLonger = kind === "iinf" && file.uint(found.start, 1) > 0;
    [start, end] = [found.start + (isLonger ? 8 : (before[kind] ?? 0)), found.end];
  }
  yield* boxesOf(file, start, Math.min(end, file.length));
}

/** Bytes of a box before those inside it. */
const before: Record<string, number> = { meta: 4, iinf: 6 };

export const avif: Format = {
  name: "AVIF",
  longestSide: 16_384,
  // By one of its brands: HEIC and videos are the same kind of file. libvips does not read those that are animations first.
  matches: (start) => /^.{4}ftyp(?!avis)(.{4}){0,60}?avi[fs]/s.test(start),
  /** Of the largest picture: the others are its tiles, its alpha plane and thumbnails. All are turned alike. */
  header(file) {
    let [width, height, quarters] = [0, 0, 0];
    for (const { kind, start } of boxesIn(file, "meta", "iprp", "ipco")) {
      if (kind === "irot") quarters ||= file.uint(start, 1) & 3;
      if (kind !== "ispe") continue;
      const [across, down] = [file.uint(start + 4, 4), file.uint(start + 8, 4)];
      if (across * down > width * height) [width, height] = [across, down];
    }
    return turned({ width, height }, quarters % 2 === 1 ? 6 : 1);
  },
  /** Its boxes fill the file exactly. */
  isComplete(file) {
    let end = 0;
    for (const box of boxesOf(file, 0, file.length)) end = box.end;
    return end <= file.length;
  },
  loaders: ["VipsForeignLoadHeifBuffer"],
  /**
   * libheif leaves out tiles of a grid that it cannot decode, and says nothing: libvips cannot ask it to be strict. So each
   * coded picture is decoded as if it were the only one of the file.
   */
  async verify(file, { decode }) {
    const bytes = readerOfAll(file);
    const [primary, references] = ["pitm", "iref"].map((kind) =>
      [...boxesIn(bytes, "meta")].find((box) => box.kind === kind),
    );
    const items = [...boxesIn(bytes, "meta", "iinf")].map(({ start }) => {
      const idBytes = file.readUInt8(start) < 3 ? 2 : 4;
      const typeAt = start + 6 + idBytes;
      return { flagsAt: start + 3, typeAt, id: file.readUIntBE(start + 4, idBytes), type: bytes.text(typeAt, 4) };
    });
    if (!primary || !references || !items.some(({ type }) => type === "grid")) return;
    const copy = Buffer.from(file);
    copy.write("free", references.start - 4);
    for (const { flagsAt, typeAt, type } of items) {
      copy.writeUInt8(0, flagsAt); // none is hidden
      if (type !== "av01") copy.write("none", typeAt);
    }
    for (const { id, type } of items) {
      if (type !== "av01") continue;
      copy.writeUIntBE(id, primary.start + 4, file.readUInt8(primary.start) === 0 ? 2 : 4);
      await decode(copy);
    }
  },
};
