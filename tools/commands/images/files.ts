import { readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";

export interface FileToSend {
  path: string;
  /** The image's name. */
  name: string;
  bytes: number;
}

/**
 * The files behind paths: a file as it is, of a folder every file inside with one of these extensions.
 * @param as the name of the image, where the paths are one file
 * @throws Error for a path that does not exist, two files of one name, and where there is nothing to send
 */
export function filesToSend(paths: readonly string[], extensions: readonly string[], as?: string): FileToSend[] {
  const files = paths.flatMap((path) => (isFolder(path) ? imagesIn(path, extensions) : [path]));
  if (files.length === 0) throw new Error(`no image (${extensions.join(", ")}) in ${paths.join(", ")}`);
  if (as !== undefined && files.length > 1) throw new Error(`--as names one image; there are ${files.length} files`);
  const byName = new Map<string, FileToSend>();
  for (const path of files) {
    // File systems may take names apart (NFD); names of images are composed.
    const name = as ?? basename(path).normalize("NFC");
    const other = byName.get(name);
    if (other) throw new Error(`${other.path} and ${path} would both be the image ${name}: send them one by one, --as`);
    byName.set(name, { path, name, bytes: statSync(path).size });
  }
  return [...byName.values()];
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`${path} does not exist`);
  return found.isDirectory();
}

function imagesIn(folder: string, extensions: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name).slice(1).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
