import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { AwsError, notImplemented } from "../http/awsError";

/** An asset or archive of Pulumi, as `program/wireValues.ts` reads it. Paths are relative to the working directory. */
interface Archive {
  assets?: Record<string, unknown>;
  path?: string;
  uri?: string;
}
interface Asset {
  text?: string;
  path?: string;
  uri?: string;
}

/** A file's content, or a folder that is copied. */
type Entry = { content: Buffer } | { folder: string };

/**
 * Writes an archive to disk.
 * @param dir folder of the archives that are made of parts, each in a folder named by the hash of its content
 * @param subject for errors: `function "x"`
 * @returns the folder with the archive's content; for a FileArchive of a folder, that folder itself
 */
export async function materialise(archive: unknown, dir: string, subject: string): Promise<string> {
  const { assets, path, uri } = asObject(archive, subject) as Archive;
  if (uri !== undefined) throw notImplemented(`a RemoteArchive as the code of ${subject}`);
  if (path !== undefined) return folderOf(path, subject);
  if (assets === undefined) throw wrongCode(subject, "it must be an AssetArchive or a FileArchive");
  const entries = new Map<string, Entry>();
  await collect(assets, "", entries, subject);
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
    const part = asObject(value, subject) as Archive & Asset;
    if (part.assets !== undefined) await collect(part.assets, `${at}/`, entries, subject);
    // Without its type, a FileArchive of a folder differs from a FileAsset only by what is at its path.
    else if (part.path !== undefined && statOf(part.path, subject).isDirectory())
      entries.set(at, { folder: resolve(part.path) });
    else entries.set(at, { content: await contentOf(part, subject) });
  }
}

async function contentOf({ text, path, uri }: Asset, subject: string): Promise<Buffer> {
  if (text !== undefined) return Buffer.from(text);
  if (path !== undefined) return readFile(path);
  if (uri === undefined) throw wrongCode(subject, "an entry of its archive is not an asset");
  if (uri.startsWith("file:")) return readFile(fileURLToPath(uri));
  const response = await fetch(uri);
  if (!response.ok) throw wrongCode(subject, `${uri} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function folderOf(path: string, subject: string): string {
  if (statOf(path, subject).isDirectory()) return resolve(path);
  throw notImplemented(`an archive file (${resolve(path)}) as the code of ${subject}; use a folder`);
}

function statOf(path: string, subject: string): Stats {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw wrongCode(subject, `${resolve(path)} does not exist`);
  return found;
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
