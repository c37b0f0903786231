import type { DatabaseSync } from "node:sqlite";
import type { ChecksumAlgorithm, ChecksumType } from "./checksums";

/** An entry of a list. */
export interface Listed {
  ordinal: number;
  key: string;
  version_id: string;
  latest: number;
  delete_marker: number;
  modified: number;
  size: number;
  etag: string;
  algorithm: ChecksumAlgorithm | null;
  checksum_type: ChecksumType | null;
  storage_class: string | null;
}

export interface Page<Entry> {
  /** Entries and, as text, common prefixes, in the order of their keys. */
  items: (Entry | string)[];
  truncated: boolean;
}

/** Where a page begins. Positions are bytes, since a prefix may end within a character. */
export interface Position {
  key: Buffer;
  /** The entry of `key` that was listed last; those after it are next. Undefined: the first of the key is next. */
  ordinal?: number;
}

/** The first position after all keys that begin with this prefix; 0xFF never occurs in UTF-8, so the last byte can be raised. */
function after(prefix: string): Position {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) + 1;
  return { key: bytes };
}

/** The position right behind a key. */
const behind = (key: string): Position => ({ key: Buffer.concat([Buffer.from(key), Buffer.from([0])]) });

const columns = `ordinal, key, version_id, latest, delete_marker, modified, size, etag,
  checksum ->> 'algorithm' AS algorithm, checksum ->> 'type' AS checksum_type, headers ->> 'x-amz-storage-class' AS storage_class`;

/** How one kind of list reads entries in order from a position on. */
type Fetch<Entry> = (position: Position, count: number) => Entry[];

/** Lists of objects and versions, in S3's order: keys by their UTF-8 bytes, versions of a key from the newest. */
export class Listing {
  private readonly statements;

  constructor(db: DatabaseSync) {
    this.statements = {
      objects: db.prepare(
        `SELECT ${columns} FROM s3_version
         WHERE bucket = ? AND key >= CAST(? AS TEXT) AND latest = 1 AND delete_marker = 0 ORDER BY key LIMIT ?`,
      ),
      restOfKey: db.prepare(
        `SELECT ${columns} FROM s3_version
         WHERE bucket = ? AND key = CAST(? AS TEXT) AND ordinal < ? ORDER BY ordinal DESC LIMIT ?`,
      ),
      versions: db.prepare(
        `SELECT ${columns} FROM s3_version
         WHERE bucket = ? AND key >= CAST(? AS TEXT) ORDER BY key, ordinal DESC LIMIT ?`,
      ),
    };
  }

  objects(bucket: string, options: PageOptions): Page<Listed> {
    return page(
      ({ key }, count) => this.statements.objects.all(bucket, key, count) as unknown as Listed[],
      (entry) => behind(entry.key),
      options,
    );
  }

  versions(bucket: string, options: PageOptions): Page<Listed> {
    const fetch: Fetch<Listed> = ({ key, ordinal }, count) => {
      if (ordinal === undefined) return this.statements.versions.all(bucket, key, count) as unknown as Listed[];
      const rest = this.statements.restOfKey.all(bucket, key, ordinal, count) as unknown as Listed[];
      const next = behind(key.toString()).key;
      const others = this.statements.versions.all(bucket, next, count - rest.length) as unknown as Listed[];
      return [...rest, ...others];
    };
    return page(fetch, (entry) => ({ key: Buffer.from(entry.key), ordinal: entry.ordinal }), options);
  }
}

export interface PageOptions {
  prefix: string;
  /** Empty: no grouping. */
  delimiter: string;
  /** At most this many entries and common prefixes together. */
  most: number;
  from?: Position;
}

/** The common prefix that a key is grouped under, if any. */
export function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** Where to go on after a marker: behind its key, or behind the whole group when it lies in one of this list. */
export function positionAfter(marker: string, prefix: string, delimiter: string): Position {
  const group = marker.startsWith(prefix) ? commonPrefix(marker, prefix, delimiter) : undefined;
  return group === undefined ? behind(marker) : after(group);
}

/** Reads one page. A group counts once and is skipped as a whole, however many keys it has. */
export function page<Entry extends { key: string }>(
  fetch: Fetch<Entry>,
  next: (entry: Entry) => Position,
  { prefix, delimiter, most, from }: PageOptions,
): Page<Entry> {
  const items: (Entry | string)[] = [];
  const start: Position = { key: Buffer.from(prefix) };
  let position = from && Buffer.compare(from.key, start.key) >= 0 ? from : start;
  if (most === 0) return { items, truncated: false };
  for (;;) {
    const wanted = most - items.length + 1;
    const entries = fetch(position, wanted);
    for (const entry of entries) {
      if (!entry.key.startsWith(prefix)) return { items, truncated: false };
      if (items.length === most) return { items, truncated: true };
      const group = commonPrefix(entry.key, prefix, delimiter);
      items.push(group ?? entry);
      position = group === undefined ? next(entry) : after(group);
      if (group !== undefined) break;
    }
    const last = entries.at(-1);
    const jumped = last !== undefined && typeof items.at(-1) === "string";
    if (!jumped && entries.length < wanted) return { items, truncated: false };
  }
}
