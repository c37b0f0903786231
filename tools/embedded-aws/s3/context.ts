import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { SqsDelivery } from "../sqs/serviceCalls";
import type { BodyFiles } from "./bodyFiles";
import type { BucketStore } from "./bucketStore";
import type { CompletedUploads } from "./completedUploads";
import type { FileUses } from "./fileUses";
import type { Listing } from "./listing";
import type { ObjectStore } from "./objectStore";
import type { Sequencer } from "./sequencer";
import type { UploadStore } from "./uploadStore";

/** The stores and settings that every operation works with. */
export interface S3Context {
  db: DatabaseSync;
  place: Place;
  iam: Iam;
  sqs: SqsDelivery;
  announce: Announce;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Whether a notification is lost. */
  lose: () => boolean;
  buckets: BucketStore;
  objects: ObjectStore;
  uploads: UploadStore;
  completed: CompletedUploads;
  listing: Listing;
  files: FileUses;
  bodies: BodyFiles;
  sequencer: Sequencer;
  /** Canonical user id of the account, as it appears as owner. */
  ownerId: string;
}

/** Runs a change in one transaction, then removes the body files that it left without use. */
export function change<Result>(s3: S3Context, work: () => Result): Result {
  const { result, unused } = inTransaction(s3.db, () => ({ result: work(), unused: s3.files.forgetUnused() }));
  s3.bodies.remove(unused);
  return result;
}
