import type { DatabaseSync } from "node:sqlite";
import type { Checksum } from "./checksums";

/** The answer to a completed upload. */
export interface Completed {
  id: string;
  bucket: string;
  key: string;
  parts: { number: number; etag: string }[];
  etag: string;
  checksum?: Checksum;
  headers: Record<string, string>;
}

const keptMs = 24 * 3_600_000;

/** Uploads that were completed within a day, so that the same completion can be answered again. */
export class CompletedUploads {
  private readonly statements;

  constructor(db: DatabaseSync) {
    db.exec(`CREATE TABLE IF NOT EXISTS s3_completed_upload (
      id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, completed INTEGER NOT NULL, result TEXT NOT NULL
    ) WITHOUT ROWID`);
    this.statements = {
      add: db.prepare("INSERT INTO s3_completed_upload VALUES (?, ?, ?, ?, ?)"),
      forget: db.prepare("DELETE FROM s3_completed_upload WHERE completed < ?"),
      find: db.prepare("SELECT result FROM s3_completed_upload WHERE id = ? AND bucket = ? AND key = ?"),
      removeBucket: db.prepare("DELETE FROM s3_completed_upload WHERE bucket = ?"),
    };
  }

  add(completed: Completed, now: number): void {
    this.statements.forget.run(now - keptMs);
    this.statements.add.run(completed.id, completed.bucket, completed.key, now, JSON.stringify(completed));
  }

  find(id: string, bucket: string, key: string): Completed | undefined {
    const row = this.statements.find.get(id, bucket, key);
    return row && (JSON.parse(row.result as string) as Completed);
  }

  removeBucket(bucket: string): void {
    this.statements.removeBucket.run(bucket);
  }
}
