import { randomBytes } from "node:crypto";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Segment } from "./bodyFiles";
import type { Checksum, ChecksumAlgorithm, ChecksumType } from "./checksums";
import type { FileUses } from "./fileUses";
import { page, type Page, type PageOptions } from "./listing";

/** A multipart upload that was neither completed nor aborted. */
export interface Upload {
  ordinal: number;
  id: string;
  bucket: string;
  key: string;
  /** Milliseconds since the epoch. */
  created: number;
  headers: Record<string, string>;
  tags: Record<string, string>;
  /** How its checksum was asked for. */
  checksum?: { algorithm: ChecksumAlgorithm; type: ChecksumType };
}

export interface Part {
  number: number;
  size: number;
  /** MD5 in hexadecimal. */
  etag: string;
  checksum?: Checksum;
  modified: number;
  segments: Segment[];
}

interface UploadRow {
  ordinal: number;
  id: string;
  bucket: string;
  key: string;
  created: number;
  headers: string;
  tags: string;
  checksum: string | null;
}
interface PartRow {
  number: number;
  size: number;
  etag: string;
  checksum: string | null;
  modified: number;
  segments: string;
}

const uploadFromRow = ({ headers, tags, checksum, ...row }: UploadRow): Upload => ({
  ...row,
  headers: JSON.parse(headers) as Upload["headers"],
  tags: JSON.parse(tags) as Upload["tags"],
  ...(checksum === null ? {} : { checksum: JSON.parse(checksum) as NonNullable<Upload["checksum"]> }),
});

const partFromRow = (row: PartRow): Part => ({
  number: row.number,
  size: row.size,
  etag: row.etag,
  modified: row.modified,
  ...(row.checksum === null ? {} : { checksum: JSON.parse(row.checksum) as Checksum }),
  segments: JSON.parse(row.segments) as Segment[],
});

const json = (value: unknown): SQLInputValue => (value === undefined ? null : JSON.stringify(value));

/** Unfinished multipart uploads and their parts. Every change is to be made inside a transaction. */
export class UploadStore {
  private readonly statements;

  constructor(
    db: DatabaseSync,
    private readonly files: FileUses,
  ) {
    this.statements = {
      insert: db.prepare(
        "INSERT INTO s3_upload (id, bucket, key, created, headers, tags, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
      find: db.prepare("SELECT * FROM s3_upload WHERE id = ? AND bucket = ? AND key = ?"),
      remove: db.prepare("DELETE FROM s3_upload WHERE id = ?"),
      touch: db.prepare(
        "INSERT OR IGNORE INTO s3_touched_upload SELECT id FROM s3_upload WHERE bucket = ? AND key = ?",
      ),
      isTouched: db.prepare("SELECT 1 FROM s3_touched_upload WHERE id = ?"),
      forgetTouched: db.prepare("DELETE FROM s3_touched_upload WHERE id = ?"),
      ofBucket: db.prepare("SELECT id FROM s3_upload WHERE bucket = ?"),
      removeParts: db.prepare("DELETE FROM s3_part WHERE upload = ?"),
      setPart: db.prepare("INSERT OR REPLACE INTO s3_part VALUES (?, ?, ?, ?, ?, ?, ?)"),
      part: db.prepare("SELECT * FROM s3_part WHERE upload = ? AND number = ?"),
      parts: db.prepare("SELECT * FROM s3_part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?"),
      list: db.prepare(
        "SELECT * FROM s3_upload WHERE bucket = ? AND key >= CAST(? AS TEXT) ORDER BY key, ordinal LIMIT ?",
      ),
      restOfKey: db.prepare(
        "SELECT * FROM s3_upload WHERE bucket = ? AND key = CAST(? AS TEXT) AND ordinal > ? ORDER BY ordinal LIMIT ?",
      ),
    };
  }

  create(upload: Omit<Upload, "id" | "ordinal">): string {
    const id = randomBytes(48).toString("base64url");
    const { bucket, key, created, headers, tags, checksum } = upload;
    this.statements.insert.run(id, bucket, key, created, json(headers), json(tags), json(checksum));
    return id;
  }

  find(id: string, bucket: string, key: string): Upload | undefined {
    const row = this.statements.find.get(id, bucket, key) as unknown as UploadRow | undefined;
    return row && uploadFromRow(row);
  }

  /** Remembers for the unfinished uploads of a key that the key was written or deleted since they began. */
  touch(bucket: string, key: string): void {
    this.statements.touch.run(bucket, key);
  }

  isTouched(id: string): boolean {
    return this.statements.isTouched.get(id) !== undefined;
  }

  /** Ends all uploads of a bucket. */
  removeBucket(bucket: string): void {
    for (const { id } of this.statements.ofBucket.all(bucket)) this.remove(id as string);
  }

  /** Adds a part, or puts it in the place of an earlier one of its number. */
  setPart(uploadId: string, part: Part): void {
    const before = this.part(uploadId, part.number);
    const { number, size, etag, checksum, modified, segments } = part;
    this.statements.setPart.run(uploadId, number, size, etag, json(checksum), modified, json(segments));
    this.files.use(segments);
    if (before) this.files.release(before.segments);
  }

  part(uploadId: string, number: number): Part | undefined {
    const row = this.statements.part.get(uploadId, number) as unknown as PartRow | undefined;
    return row && partFromRow(row);
  }

  /** Parts in order, at most `most` of them, with numbers above `after`. */
  parts(uploadId: string, after = 0, most = 10_000): Part[] {
    return (this.statements.parts.all(uploadId, after, most) as unknown as PartRow[]).map(partFromRow);
  }

  /** Ends an upload; the files of its parts are released, so what is to stay must be in use elsewhere by then. */
  remove(id: string): void {
    for (const part of this.parts(id)) this.files.release(part.segments);
    this.statements.removeParts.run(id);
    this.statements.forgetTouched.run(id);
    this.statements.remove.run(id);
  }

  /** Uploads in the order of their keys, those of one key from the oldest. */
  list(bucket: string, options: PageOptions): Page<Upload> {
    const behind = (key: Buffer): Buffer => Buffer.concat([key, Buffer.from([0])]);
    return page(
      ({ key, ordinal }, count) => {
        const rest = ordinal === undefined ? [] : this.statements.restOfKey.all(bucket, key, ordinal, count);
        const from = ordinal === undefined ? key : behind(key);
        const rows = [...rest, ...this.statements.list.all(bucket, from, count - rest.length)];
        return (rows as unknown as UploadRow[]).map(uploadFromRow);
      },
      (upload) => ({ key: Buffer.from(upload.key), ordinal: upload.ordinal }),
      options,
    );
  }
}
