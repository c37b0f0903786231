import type { DatabaseSync } from "node:sqlite";

/**
 * Keys are compared byte by byte, which is S3's order of listing: SQLite keeps text as UTF-8.
 * `ordinal` grows with every version written, so that it orders the versions of one key.
 * Columns named headers, tags, checksum, parts and segments hold JSON.
 */
const schema = `
CREATE TABLE IF NOT EXISTS s3_bucket (name TEXT PRIMARY KEY, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_setting (
  bucket TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (bucket, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_version (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  bucket TEXT NOT NULL, key TEXT NOT NULL, version_id TEXT NOT NULL,
  latest INTEGER NOT NULL, delete_marker INTEGER NOT NULL, modified INTEGER NOT NULL,
  size INTEGER NOT NULL, etag TEXT NOT NULL,
  headers TEXT NOT NULL, tags TEXT NOT NULL, checksum TEXT, parts TEXT, segments TEXT NOT NULL,
  UNIQUE (bucket, key, version_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS s3_latest ON s3_version (bucket, key) WHERE latest = 1;
CREATE INDEX IF NOT EXISTS s3_history ON s3_version (bucket, key, ordinal DESC);
CREATE TABLE IF NOT EXISTS s3_upload (
  ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, bucket TEXT NOT NULL, key TEXT NOT NULL, created INTEGER NOT NULL,
  headers TEXT NOT NULL, tags TEXT NOT NULL, checksum TEXT
);
CREATE INDEX IF NOT EXISTS s3_upload_key ON s3_upload (bucket, key, ordinal);
CREATE TABLE IF NOT EXISTS s3_touched_upload (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_part (
  upload TEXT NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT,
  modified INTEGER NOT NULL, segments TEXT NOT NULL, PRIMARY KEY (upload, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS s3_file (name TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS s3_unused_file ON s3_file (name) WHERE uses = 0;
CREATE TABLE IF NOT EXISTS s3_sequencer (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
INSERT OR IGNORE INTO s3_sequencer VALUES (1, 0);
`;

export const createTables = (db: DatabaseSync): void => db.exec(schema);
