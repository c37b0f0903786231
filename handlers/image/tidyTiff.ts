import { firstDirectory, firstEntries, layoutOf } from "./tiff";

/** Tags that tell where pixels are, how they are coded and which colours they mean; and the orientation. */
const NEEDED = [
  256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339,
  347, 529, 530, 531, 532, 34_675, 37_439,
];

/** Fax and JPEG: of damage in them libtiff merely warns. */
const WARNING_CODINGS = [2, 3, 4, 7];

/** Whether only warnings tell of damage: also in tiles. In other strips it is an error, and warnings are about tags. */
export function hidesDamage(file: Buffer): boolean {
  const directory = firstDirectory(file);
  return directory.has(322) || directory.has(323) || WARNING_CODINGS.includes(directory.get(259) ?? 1);
}

/**
 * The same picture in a TIFF of one directory without metadata. libtiff reads all directories, though one is shown, each
 * with texts that may be the same ones again; it warns of tags that it does not know, and refuses some that are as large
 * as editors make them. So a warning that is left tells of damage.
 */
export function tidyTiff(file: Buffer): Buffer {
  const { first, read, order, word, head, row } = layoutOf(file);
  const rows = new Map<number, Buffer>();
  let entries = 0;
  for (const { tag, from } of firstEntries(file)) {
    entries++;
    if (NEEDED.includes(tag) && !rows.has(tag)) rows.set(tag, file.subarray(from, from + row));
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const next = first + head + row * entries;
  const tags = [...rows.keys()];
  const isTidy = rows.size === entries && sorted.every(([tag], i) => tag === tags[i]);
  if (isTidy && read(word, next) === 0) return file;
  const number = (value: number, width: number) => {
    const bytes = Buffer.alloc(width);
    if (order === "II") bytes.writeUIntLE(value, 0, Math.min(width, 6));
    else bytes.writeUIntBE(value, Math.max(0, width - 6), Math.min(width, 6));
    return bytes;
  };
  return Buffer.concat([
    file.subarray(0, word),
    number(file.length, word),
    file.subarray(2 * word),
    number(rows.size, head),
    ...sorted.map(([, bytes]) => bytes),
    Buffer.alloc(word),
  ]);
}
