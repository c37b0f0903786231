import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { AwsError, notImplemented } from "../http/awsError";

/**
 * The shapes of Pulumi's assets and archives that carry code; their values may still be promises. A folder is named by a
 * path relative to the working directory.
 */
interface Archive {
  assets?: Later<Record<string, unknown>>;
  path?: Later<string>;
  uri?: Later<string>;
}
interface Asset {
  text?: Later<string>;
  path?: Later<string>;
  uri?: Later<string>;
}
type Later<Value> = Value | Promise<Value>;

/** A file's content, or a folder that is taken as it is. */
type Entry = { content: Buffer } | { folder: string };

/**
 * Brings an archive to disk.
 * @param dir where archives that are put together from parts are kept, each in a folder named by its content's hash
 * @param subject for errors: `function "x"`
 * @returns the folder with the archive's content; for a FileArchive of a folder, that folder itself
 */
export async function materialise(archive: unknown, dir: string, subject: string): Promise<string> {
  const { assets, path, uri } = asObject(archive, subject) as Archive;
  if (uri !== undefined) throw notImplemented(`a RemoteArchive as the code of ${subject}`);
  if (path !== undefined) return folderOf(await path, subject);
  if (assets === undefined) throw wrongCode(subject, "it must be an AssetArchive or a FileArchive");
  const entries = new Map<string, Entry>();
  await collect(await assets, "", entries, subject);
  return writeOnce(entries, dir);
}

async function collect(
  assets: Record<string, unknown>,
  prefix: string,
  entries: Map<string, Entry>,
  subject: string,
): Promise<void> {
  for (const [name, value] of Object.entries(assets)) {
    const at = prefix + name;
    const part = asObject(value, subject) as Archive & Asset & { __pulumiArchive?: boolean };
    if (part.assets !== undefined) {
      await collect(await part.assets, `${at}/`, entries, subject);
    } else if (part.__pulumiArchive === true) {
      if (part.path === undefined) throw notImplemented(`a RemoteArchive as the code of ${subject}`);
      entries.set(at, { folder: folderOf(await part.path, subject) });
    } else {
      entries.set(at, { content: await contentOf(part, subject) });
    }
  }
}

async function contentOf({ text, path, uri }: Asset, subject: string): Promise<Buffer> {
  if (text !== undefined) return Buffer.from(await text);
  if (path !== undefined) return readFile(await path);
  if (uri === undefined) throw wrongCode(subject, "an entry of its archive is no asset");
  const address = await uri;
  if (address.startsWith("file:")) return readFile(fileURLToPath(address));
  const response = await fetch(address);
  if (!response.ok) throw wrongCode(subject, `${address} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function folderOf(path: string, subject: string): string {
  const folder = resolve(path);
  if (!existsSync(folder)) throw wrongCode(subject, `${folder} does not exist`);
  if (!statSync(folder).isDirectory())
    throw notImplemented(`an archive file (${folder}) as the code of ${subject}; use a folder`);
  return folder;
}

/** Writes a folder under a temporary name first, so that one which exists is complete. */
function writeOnce(entries: Map<string, Entry>, dir: string): string {
  const target = join(dir, hashOf(entries));
  if (existsSync(target)) return target;
  mkdirSync(dir, { recursive: true });
  const draft = mkdtempSync(join(dir, "draft-"));
  for (const [name, entry] of entries) {
    const at = join(draft, name);
    if (!at.startsWith(draft + sep))
      throw new AwsError(400, "InvalidParameterValueException", `${name} leads out of the archive.`);
    mkdirSync(dirname(at), { recursive: true });
    if ("folder" in entry) cpSync(entry.folder, at, { recursive: true });
    else writeFileSync(at, entry.content);
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // Otherwise another function with the same code was faster.
  }
  return target;
}

function hashOf(entries: Map<string, Entry>): string {
  const hash = createHash("sha256");
  for (const [name, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0`);
    if ("content" in entry) hash.update(`${entry.content.length}\0`).update(entry.content);
    else hash.update(listing(entry.folder));
  }
  return hash.digest("hex").slice(0, 32);
}

/** Names, sizes and times of a folder's files: enough to notice a change without reading everything. */
function listing(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(file);
      return `${relative(folder, file)}:${size}:${mtimeMs}`;
    })
    .sort()
    .join("\n");
}

function asObject(value: unknown, subject: string): object {
  if (typeof value === "object" && value !== null) return value;
  throw wrongCode(subject, "it must be a Pulumi asset or archive");
}

const wrongCode = (subject: string, reason: string): AwsError =>
  new AwsError(400, "InvalidParameterValueException", `The code of ${subject} cannot be used: ${reason}.`);
