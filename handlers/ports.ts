import type { ImageFormat } from "./imageTypes";
import type { ImageEvent, ListedRecord, ListedStatus, RawRecord, Refusal } from "./records";

/**
 * The interfaces through which the handlers reach AWS. `handlers/aws/` implements them with the SDK, the fault search and
 * the tests in memory. Every call may fail, be repeated, or take effect although the caller gets an error.
 */

/** The versioned bucket in which uploads land. Keys are `images/<object>`. */
export interface TempImages {
  /** The start of one version of an upload, or undefined when that version does not exist (any more). */
  read(key: string, versionId: string): Promise<Upload | undefined>;
  /** The versions of exactly this key, newest first: all, or `most` of them. */
  versions(key: string, most?: number): Promise<StoredVersion[]>;
  /**
   * Deletes versions for good. Deleting a version that does not exist succeeds. Throws where one could not be deleted;
   * others may be gone then.
   */
  delete(key: string, ...versionIds: string[]): Promise<void>;
}
export interface StoredVersion {
  versionId: string;
  /** ISO 8601 in UTC, to the second. */
  storedAt: string;
}
export interface Upload extends Pick<StoredVersion, "storedAt">, UploadedBytes {
  /** Names this version to `Images.copy`. */
  source: string;
  /** S3's entity tag of the version's bytes. */
  etag: string;
  /** By the name after `x-amz-meta-`, in lower case. Not checked. */
  userMetadata: UserMetadata;
}
export interface UploadedBytes {
  bytes: number;
  /** The first bytes: all of a small upload. */
  start: Uint8Array;
  /** The bytes from `from` to `to`, exclusive, or undefined when the version does not exist any more. */
  read(from: number, to: number): Promise<Uint8Array | undefined>;
}
/** Texts in ASCII that S3 keeps beside an object's bytes. */
export type UserMetadata = Record<string, string>;

/** The bucket of originals and renditions. Keys are image ids; objects are never changed once written. */
export interface Images {
  /** The caller's own bytes, which it may release. */
  read(imageId: string): Promise<Uint8Array | undefined>;
  /** Stores an object unless the key exists already (`If-None-Match: *`). An existing object is left as it is: no error. */
  create(imageId: string, body: Uint8Array, format: ImageFormat): Promise<void>;
  /**
   * Stores an upload (`Upload.source`) within S3, unless the key exists already: no error. Resolves with false where the
   * upload is gone and the key does not exist either; with both, with either.
   */
  copy(source: string, imageId: string, format: ImageFormat): Promise<boolean>;
  /** All keys that start with a prefix. */
  list(prefix: string): Promise<string[]>;
  /** Deleting a version that does not exist succeeds. */
  delete(imageId: string): Promise<void>;
}

/** Makes URLs with which a client reads an object without further credentials. */
export interface ImageUrls {
  /** A URL that works for an hour, or for as long as there is the object. */
  url(imageId: string): Promise<string>;
}

/** The caches of a content delivery network that serves renditions; without one there are none. */
export interface EdgeCaches {
  /** Has them drop these objects. The next request for one is answered by the bucket. Repeating it is harmless. */
  forget(imageIds: string[]): Promise<void>;
}

/** Makes uploads into the temp bucket that a client can send without further credentials, and cannot change. */
export interface PresignedUploads {
  /** An HTML form's URL and fields; S3 takes a file of 1 to `maxBytes`. */
  post(key: string, terms: UploadTerms & { maxBytes: number }): Promise<{ url: string; fields: Headers }>;
  /** A PUT with these headers, and a body of exactly `bytes`. */
  put(key: string, terms: UploadTerms & { bytes: number }): Promise<{ url: string; headers: Headers }>;
}
interface UploadTerms {
  expiresInSeconds: number;
  userMetadata: UserMetadata;
}
type Headers = Record<string, string>;

/** Conditions on one attribute of the stored item; text compares byte by byte. */
export type Condition<Item> = { [A in keyof Item & string]: AttributeCondition<A, Item[A]> }[keyof Item & string];
interface AttributeCondition<A, V> {
  attribute: A;
  /** Holds when the attribute is absent (or the whole item is). */
  absent?: true;
  /** Holds when the attribute equals one of these. With `absent`, either suffices. */
  oneOf?: NonNullable<V>[];
  /** Holds when the attribute is smaller. With `absent`, either suffices. */
  below?: NonNullable<V>;
}

/** One conditional update of a name's `raw` item, which is made if it is absent. */
export interface RawUpdate {
  /** All must hold, else nothing changes. */
  when: Condition<RawRecord>[];
  set?: Partial<RawRecord>;
  /** Set only where the attribute is absent. */
  setIfAbsent?: Partial<RawRecord>;
  remove?: (keyof RawRecord)[];
  /** Elements that a set gains and loses; one update of a set can do only one of the two. An empty set is absent. */
  sets?: Partial<Record<RecordSet, SetChange>>;
}
/** The attributes of a record that are sets of text. */
export type RecordSet = "superseded" | "cancelled";
export interface SetChange {
  add?: string[];
  remove?: string[];
}
/** `record` is the item after the update, or, where a condition failed, the item that failed it. */
export type UpdateResult = { applied: true; record: RawRecord } | { applied: false; record: RawRecord | undefined };

/** The table `ImageMetadata`. All reads are strongly consistent. */
export interface ImageMetadata {
  readRaw(name: string): Promise<RawRecord | undefined>;
  updateRaw(name: string, update: RawUpdate): Promise<UpdateResult>;
}

/** The same table, many names at a time. */
export interface RawRecords {
  /** The records of different names, in any order; those that have none are left out. */
  read(names: string[]): Promise<RawRecord[]>;
}

/** The index of the table by `statusShard` and `listPosition`. It lags behind, and tells what lists show. */
export interface NameIndex {
  /** Some entries of a shard, `most` at most, from the newest that is older than a position. */
  newest(statusShard: string, before: string | undefined, most: number): Promise<Page<ListedRecord>>;
}

/** The lists that the sweep reads page by page, and where it ended. */
export interface SweepLists {
  /**
   * Names that lists show under this status, from an index that lags behind; of `READY` ones those alone whose newest
   * generation is not.
   */
  names(status: ListedStatus, after: string | undefined): Promise<Page<string>>;
  /** Uploads by their key, the versions of each from the newest; none of a key is on another page. */
  uploads(after: string | undefined): Promise<Page<ListedUpload>>;
  /** Originals and renditions in the order of their keys. */
  images(after: string | undefined): Promise<Page<ListedImage>>;
  readPosition(): Promise<SweepPosition>;
  writePosition(position: SweepPosition): Promise<void>;
}
export interface Page<Entry> {
  entries: Entry[];
  /** Pass it as `after` for the next page; undefined on the last one. */
  next?: string;
}
export interface ListedUpload extends StoredVersion {
  key: string;
}
export interface ListedImage {
  imageId: string;
  /** ISO 8601 in UTC, to the second. */
  storedAt: string;
}
/** The sweep's last pass through each of its lists. */
export type SweepPosition = Partial<Record<ListedStatus | "uploads" | "images", SweepPass>>;
/** One pass of the sweep through a list, which may take several runs. Times are ISO 8601 in UTC. */
export interface SweepPass {
  /** The last page's end; undefined where the pass is over. */
  after?: string;
  began: string;
  /** When the pass before this one began. */
  before?: string;
}

export interface Queue<Message> {
  /** Sends messages, in as few calls as possible. Throws where one was not taken; others may be sent then. */
  send(...messages: Message[]): Promise<void>;
}

/** The bus to which the states of images are announced. */
export interface ImageEvents {
  /**
   * Sends events in their order. Answers for each why it was not taken; undefined where it was. Where one may be taken
   * later, those after it are not tried.
   */
  put(...events: ImageEvent[]): Promise<(Refusal | undefined)[]>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** One line about one image, and the metrics that go with it. */
export interface Journal {
  /** A message was finished. `outcome` is a word of docs/protocol.md. */
  finished(line: JournalLine): void;
  /** An event that is worth a line although nothing failed. */
  note(message: string, details?: Record<string, unknown>): void;
  failed(message: string, error: unknown, details?: Record<string, unknown>): void;
}
export interface JournalLine {
  outcome:
    | "stored"
    | "repeated"
    | "rejected"
    | "overtaken"
    | "cancelled"
    | "ignored"
    | "ready"
    | "backfilled"
    | "failed"
    | "stale"
    | "deleting"
    | "cleared"
    | "deleted";
  /** The image's name. */
  name?: string;
  generation?: string;
  bytes?: number;
  renditions?: number;
  reason?: string;
  /** A short stable word for the metric's dimension: `truncated`, `not-an-image`, … */
  cause?: string;
  /** Milliseconds of this function's work. */
  durationMs?: number;
  /** Milliseconds from the S3 event to READY. */
  latencyMs?: number;
}
