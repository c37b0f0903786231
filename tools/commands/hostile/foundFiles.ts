import { readdirSync } from "node:fs";

/** By their paths within the folder. Names are bytes, which need not be UTF-8. */
interface Found {
  files: Buffer[];
  /** Links, which may lead in a circle, and what may never end: queues, devices, sockets. */
  leftOut: Buffer[];
}

/** The files of a folder and of folders in it. @throws Error where one of these cannot be read */
export function foundFiles(folder: string): Found {
  const found: Found = { files: [], leftOut: [] };
  search(Buffer.from(folder), Buffer.alloc(0), found);
  found.files.sort((a, b) => a.compare(b));
  return found;
}

const SLASH = Buffer.from("/");

/** @param below what stands before the names in this folder */
function search(folder: Buffer, below: Buffer, found: Found): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, encoding: "buffer" })) {
    const path = Buffer.concat([below, entry.name]);
    if (entry.isDirectory()) search(Buffer.concat([folder, SLASH, entry.name]), Buffer.concat([path, SLASH]), found);
    else (entry.isFile() ? found.files : found.leftOut).push(path);
  }
}
