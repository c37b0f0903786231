import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Segment } from "./bodyFiles";
import type { Checksum } from "./checksums";
import type { FileUses } from "./fileUses";
import { newVersionId, nullVersion } from "./versionId";

export interface StoredPart {
  number: number;
  size: number;
  checksum?: Checksum;
}

/** One version of an object, or a delete marker. */
export interface VersionContent {
  bucket: string;
  key: string;
  deleteMarker: boolean;
  size: number;
  /** Hexadecimal, without quotes. */
  etag: string;
  /** System and user metadata, as response headers. */
  headers: Record<string, string>;
  tags: Record<string, string>;
  checksum?: Checksum;
  /** Parts of a multipart upload. */
  parts?: StoredPart[];
  segments: Segment[];
}

export interface ObjectVersion extends VersionContent {
  ordinal: number;
  versionId: string;
  latest: boolean;
  /** Milliseconds since the epoch. */
  modified: number;
}

interface Row {
  ordinal: number;
  bucket: string;
  key: string;
  version_id: string;
  latest: number;
  delete_marker: number;
  modified: number;
  size: number;
  etag: string;
  headers: string;
  tags: string;
  checksum: string | null;
  parts: string | null;
  segments: string;
}

const fromRow = (row: Row): ObjectVersion => ({
  ordinal: row.ordinal,
  bucket: row.bucket,
  key: row.key,
  versionId: row.version_id,
  latest: row.latest === 1,
  deleteMarker: row.delete_marker === 1,
  modified: row.modified,
  size: row.size,
  etag: row.etag,
  headers: JSON.parse(row.headers) as Record<string, string>,
  tags: JSON.parse(row.tags) as Record<string, string>,
  ...(row.checksum === null ? {} : { checksum: JSON.parse(row.checksum) as Checksum }),
  ...(row.parts === null ? {} : { parts: JSON.parse(row.parts) as StoredPart[] }),
  segments: JSON.parse(row.segments) as Segment[],
});

/** Versions of objects, in the shared database. Every change is to be made inside a transaction. */
export class ObjectStore {
  private readonly statements;

  constructor(
    db: DatabaseSync,
    private readonly files: FileUses,
  ) {
    this.statements = {
      latest: db.prepare("SELECT * FROM s3_version WHERE bucket = ? AND key = ? AND latest = 1"),
      version: db.prepare("SELECT * FROM s3_version WHERE bucket = ? AND key = ? AND version_id = ?"),
      newest: db.prepare("SELECT ordinal FROM s3_version WHERE bucket = ? AND key = ? ORDER BY ordinal DESC LIMIT 1"),
      retireLatest: db.prepare("UPDATE s3_version SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1"),
      promote: db.prepare("UPDATE s3_version SET latest = 1 WHERE ordinal = ?"),
      insert: db.prepare(
        `INSERT INTO s3_version (bucket, key, version_id, latest, delete_marker, modified, size, etag, headers, tags,
           checksum, parts, segments) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      remove: db.prepare("DELETE FROM s3_version WHERE ordinal = ?"),
      setTags: db.prepare("UPDATE s3_version SET tags = ? WHERE ordinal = ?"),
    };
  }

  /** The current version, which may be a delete marker. */
  latest(bucket: string, key: string): ObjectVersion | undefined {
    const row = this.statements.latest.get(bucket, key) as unknown as Row | undefined;
    return row && fromRow(row);
  }

  /** The current version unless it is a delete marker. */
  current(bucket: string, key: string): ObjectVersion | undefined {
    const latest = this.latest(bucket, key);
    return latest?.deleteMarker ? undefined : latest;
  }

  version(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    const row = this.statements.version.get(bucket, key, versionId) as unknown as Row | undefined;
    return row && fromRow(row);
  }

  /** Adds the new current version. Without versioning it takes the place of the `null` version. */
  add(content: VersionContent, options: { versioned: boolean; modified: number }): ObjectVersion {
    const { bucket, key } = content;
    const versionId = options.versioned ? newVersionId() : nullVersion;
    if (!options.versioned) this.remove(bucket, key, nullVersion);
    this.statements.retireLatest.run(bucket, key);
    const json = (value: unknown): SQLInputValue => (value === undefined ? null : JSON.stringify(value));
    const { lastInsertRowid } = this.statements.insert.run(
      bucket,
      key,
      versionId,
      content.deleteMarker ? 1 : 0,
      options.modified,
      content.size,
      content.etag,
      json(content.headers),
      json(content.tags),
      json(content.checksum),
      json(content.parts),
      json(content.segments),
    );
    this.files.use(content.segments);
    return { ...content, ordinal: Number(lastInsertRowid), versionId, latest: true, modified: options.modified };
  }

  /** Removes one version for good; the one before it becomes current. Answers what was removed. */
  remove(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    const removed = this.version(bucket, key, versionId);
    if (!removed) return undefined;
    this.statements.remove.run(removed.ordinal);
    this.files.release(removed.segments);
    if (removed.latest) {
      const newest = this.statements.newest.get(bucket, key);
      if (newest) this.statements.promote.run(newest.ordinal ?? null);
    }
    return removed;
  }

  setTags(version: ObjectVersion, tags: Record<string, string>): void {
    this.statements.setTags.run(JSON.stringify(tags), version.ordinal);
  }
}
