import { customHeader, messageIn, uploadPath } from "./calls.ts";
import { change, state, type Upload } from "./state.ts";

const AT_ONCE = 3;
const waiting: { upload: Upload; file: File }[] = [];
let running = 0;
let lastId = 0;

/**
 * Uploads files, a few at a time.
 * @param as the image's name in place of the file's
 */
export function upload(files: readonly File[], as?: string): void {
  for (const file of files) {
    // File systems may take names apart (NFD); names of images are composed.
    const name = as ?? file.name.normalize("NFC");
    const twin = state.uploads.some((other) => other.name === name && ["waiting", "sending"].includes(other.state));
    const entry: Upload = { id: ++lastId, name, bytes: file.size, sent: 0, state: "waiting" };
    if (twin) Object.assign(entry, { state: "failed", error: "a file of this name is on its way already" });
    else waiting.push({ upload: entry, file });
    state.uploads.unshift(entry);
  }
  change();
  while (running < AT_ONCE && waiting.length > 0) void work();
}

/** The files of a drop, those inside folders included, as far as their extension is accepted. */
export async function droppedFiles(items: DataTransferItemList): Promise<File[]> {
  // All items are asked now: they are gone once the drop's event has been dealt with.
  const dropped = [...items].map(async (item) => {
    const entry = item.webkitGetAsEntry();
    return entry ? filesIn(entry, false) : (item.getAsFile() ?? []); // a picture of another page has no entry
  });
  return (await Promise.all(dropped)).flat();
}

/** The files of a folder that are images by their extension. */
export const imagesAmong = (files: Iterable<File>): File[] =>
  [...files].filter(({ name }) => state.service?.extensions.includes(name.split(".").pop()?.toLowerCase() ?? ""));

async function filesIn(entry: FileSystemEntry, inFolder: boolean): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return inFolder ? imagesAmong([file]) : [file];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A folder is read a hundred entries at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map((inside) => filesIn(inside, true)))).flat());
  }
}

async function work(): Promise<void> {
  running += 1;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { upload: entry, file } = next;
    entry.state = "sending";
    change();
    const error = await send(entry, file);
    Object.assign(entry, error === undefined ? { state: "sent", sent: entry.bytes } : { state: "failed", error });
    change({ notice: error === undefined ? `${entry.name} was sent.` : `${entry.name} was not sent: ${error}` });
  }
  running -= 1;
}

/** Sends one file; why that failed, or undefined. */
function send(entry: Upload, file: File): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // `fetch` does not report how much was sent
    request.upload.onprogress = ({ loaded }) => {
      entry.sent = Math.min(loaded, entry.bytes);
      change();
    };
    request.onload = () => resolve(request.status === 200 ? undefined : messageIn(request.responseText));
    request.onerror = () => resolve("the service did not answer");
    request.open("POST", uploadPath(entry.name));
    for (const [header, value] of Object.entries(customHeader)) request.setRequestHeader(header, value);
    request.send(file);
  });
}
