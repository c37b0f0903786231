import { readerOfAll } from "../bytes";
import { directoryOf, entriesOf, layoutOf, ORIENTATION, turned } from "../exif";
import type { Format } from "./format";

/** Tags: whether the picture is a smaller one of another, its sides, how it is coded, and the sides of tiles. */
const [KIND, WIDTH, HEIGHT, CODING, TILE_WIDTH, TILE_HEIGHT] = [254, 256, 257, 259, 322, 323];
/** Codings: fax, and JPEG of the former kind and of today. */
const [FAXES, FORMER_JPEG, JPEG] = [[2, 3, 4], 6, 7];

const isTiled = (directory: Map<number, number>) => directory.has(TILE_WIDTH) || directory.has(TILE_HEIGHT);

/** Tags that say where pixels are, how they are coded and which colours they mean; and the orientation. */
const NEEDED = [
  256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339,
  347, 529, 530, 531, 532, 34_675, 37_439,
];

export const tiff: Format = {
  name: "TIFF",
  matches: (start) => /^(II[*+]\0|MM\0[*+])/.test(start),
  header(file) {
    const directory = directoryOf(file);
    const [width = 0, height = 0] = [directory.get(WIDTH), directory.get(HEIGHT)];
    const coding = directory.get(CODING);
    // libvips passes over damage of these, and shows a preview in place of the picture.
    const isUnsafe = coding === FORMER_JPEG || (isTiled(directory) && coding === JPEG);
    const isPreview = ((directory.get(KIND) ?? 0) & 1) === 1;
    const unsupported =
      (isUnsafe && "a TIFF with tiles in JPEG, or with JPEG of the former kind") ||
      (isPreview && "a TIFF that begins with a preview, as cameras' raw photos do");
    return turned({ width, height, unsupported }, directory.get(ORIENTATION));
  },
  isComplete: () => true, // its parts may lie anywhere: only decoding shows it
  loaders: ["VipsForeignLoadTiffBuffer"],
  /**
   * The same picture in one directory without metadata. libtiff reads all directories, though one is shown, each with texts
   * that may be the same ones again; it warns of tags that it does not know, and refuses some that are as large as editors
   * make them.
   */
  tidy(file) {
    const bytes = readerOfAll(file);
    const { first, number, isLittleEndian, word, head, row } = layoutOf(bytes);
    const rows = new Map<number, Buffer>();
    for (const { tag, from } of entriesOf(bytes))
      if (NEEDED.includes(tag) && !rows.has(tag)) rows.set(tag, file.subarray(from, from + row));
    const entries = number(first, head);
    const tags = [...rows.keys()];
    const sorted = [...rows].sort(([a], [b]) => a - b);
    const isTidy = rows.size === entries && sorted.every(([tag], i) => tag === tags[i]);
    if (isTidy && number(first + head + row * entries, word) === 0) return file;
    const numberOf = (value: number, width: number) => {
      const written = Buffer.alloc(width);
      if (isLittleEndian) written.writeUIntLE(value, 0, Math.min(width, 6));
      else written.writeUIntBE(value, Math.max(0, width - 6), Math.min(width, 6));
      return written;
    };
    return Buffer.concat([
      file.subarray(0, word),
      numberOf(file.length, word),
      file.subarray(2 * word),
      numberOf(rows.size, head),
      ...sorted.map(([, entry]) => entry),
      Buffer.alloc(word),
    ]);
  },
  /** In these codings, and in tiles of any: it leaves them grey or black. In other strips warnings are about tags. */
  warnsOfDamage(file) {
    const directory = directoryOf(readerOfAll(file));
    return isTiled(directory) || [...FAXES, JPEG].includes(directory.get(CODING) ?? 1);
  },
};
