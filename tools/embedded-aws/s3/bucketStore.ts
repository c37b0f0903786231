import type { DatabaseSync } from "node:sqlite";
import type { PolicyDocument } from "../iam/policyDocument";

/** The settings of a bucket; the value is the document as S3 received it, XML but for the last two. */
export type BucketSetting =
  | "versioning"
  | "cors"
  | "lifecycle"
  | "transitionSize"
  | "encryption"
  | "publicAccessBlock"
  | "ownershipControls"
  | "tagging"
  | "policy"
  | "notification";

export type VersioningStatus = "Enabled" | "Suspended";

export interface Bucket {
  name: string;
  /** Milliseconds since the epoch. */
  created: number;
}

/** Buckets and their settings, in the shared database. */
export class BucketStore {
  private readonly statements;

  constructor(db: DatabaseSync) {
    this.statements = {
      find: db.prepare("SELECT name, created FROM s3_bucket WHERE name = ?"),
      list: db.prepare("SELECT name, created FROM s3_bucket WHERE name > ? ORDER BY name"),
      insert: db.prepare("INSERT INTO s3_bucket VALUES (?, ?)"),
      remove: db.prepare("DELETE FROM s3_bucket WHERE name = ?"),
      removeSettings: db.prepare("DELETE FROM s3_setting WHERE bucket = ?"),
      isUsed: db.prepare("SELECT EXISTS (SELECT 1 FROM s3_version WHERE bucket = ?) AS used"),
      setting: db.prepare("SELECT value FROM s3_setting WHERE bucket = ? AND name = ?"),
      set: db.prepare("INSERT OR REPLACE INTO s3_setting VALUES (?, ?, ?)"),
      unset: db.prepare("DELETE FROM s3_setting WHERE bucket = ? AND name = ?"),
    };
  }

  find(name: string): Bucket | undefined {
    return this.statements.find.get(name) as unknown as Bucket | undefined;
  }

  list(after: string): Bucket[] {
    return this.statements.list.all(after) as unknown as Bucket[];
  }

  create(bucket: Bucket): void {
    this.statements.insert.run(bucket.name, bucket.created);
  }

  remove(name: string): void {
    this.statements.remove.run(name);
    this.statements.removeSettings.run(name);
  }

  /** True while the bucket holds a version or a delete marker. */
  isUsed(name: string): boolean {
    return this.statements.isUsed.get(name)?.used === 1;
  }

  setting(bucket: string, name: BucketSetting): string | undefined {
    return this.statements.setting.get(bucket, name)?.value as string | undefined;
  }

  set(bucket: string, name: BucketSetting, value: string): void {
    this.statements.set.run(bucket, name, value);
  }

  unset(bucket: string, name: BucketSetting): void {
    this.statements.unset.run(bucket, name);
  }

  policy(bucket: string): PolicyDocument | undefined {
    const text = this.setting(bucket, "policy");
    return text === undefined ? undefined : (JSON.parse(text) as PolicyDocument);
  }

  versioning(bucket: string): VersioningStatus | undefined {
    return this.setting(bucket, "versioning") as VersioningStatus | undefined;
  }
}
