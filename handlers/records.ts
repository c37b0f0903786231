import type { ImageFormat, RenditionFormat, RenditionSpec } from "./imageTypes";

/** The shapes of what is stored in `ImageMetadata` and sent through the queues. */

export type Status = "PROCESSING" | "READY" | "FAILED" | "REJECTED" | "DELETING" | "DELETED";
/** A status under which lists show names. `DELETED` ones are in none. */
export type ListedStatus = Exclude<Status, "DELETED">;

/** A name's `raw` item: the linearisation point of everything that happens to the name. */
export interface RawRecord extends Partial<Preview> {
  /** The image's name. The attribute has kept its name since the first release, as in all records and messages. */
  original: string;
  /** Stays the same when the name is uploaded again. */
  id: string;
  /** Moved on by every DELETE; an upload that began under an older epoch cannot be recorded. */
  epoch: number;
  status: Status;
  /** The padded sequencer of the newest generation's S3 event. */
  sequencer?: string;
  /** When the newest recorded upload was stored, ISO 8601, as S3 lists it; records of the first release have none. */
  uploadedAt?: string;
  /** The newest accepted generation, live or pending. Absent when the name has no accepted image. */
  generation?: string;
  /** Key of its original. */
  imageId?: string;
  /** SHA-256 of the original's bytes, hex, once it is `READY`. */
  contentHash?: string;
  format?: ImageFormat;
  bytes?: number;
  /** Pixels, after EXIF orientation, as the start of the file tells them until it is `READY`. */
  width?: number;
  height?: number;
  /**
   * The JSON object that came with its upload, as text of at most 1,024 bytes: DynamoDB's own values bound numbers and nesting.
   */
  metadata?: string;
  /** The point of the picture that matters most, which came with its upload. */
  focus?: Focus;
  /**
   * The renditions that it is to get, fixed when it was accepted, and gone once it is `READY`; after that those that a
   * backfill is making.
   */
  expected?: RenditionSpec[];
  /** Moves on with each step of a backfill of the newest generation. Absent before the first one. */
  revision?: number;
  /** Its renditions in the configured order, once it is `READY`: of each image type one in each of its formats. */
  renditions?: StoredRendition[];
  /** The `READY` generation that is served while the newest one is `PROCESSING` or `FAILED`. */
  live?: LiveGeneration;
  /** Manifests (generation.ts) of generations whose objects are still to be deleted. Absent when there is none. */
  superseded?: string[];
  /** Version ids of uploads that a DELETE cancelled and that may still be in the temp bucket. Absent when there is none. */
  cancelled?: string[];
  /** A DELETE cancelled all uploads that S3 stored before this time, ISO 8601 to the second: more than `cancelled` can name. */
  cancelledBefore?: string;
  /** The last uploads that were rejected, or whose generations are newest no more, by `uploadTag`. */
  judged?: string[];
  /** Why the newest generation is `FAILED`. */
  reason?: string;
  /** `FAILED` because no try succeeded, not because of the image: a try that succeeds later makes it `READY`. */
  givenUp?: true;
  /** The newest rejected upload that is newer than the newest generation. */
  rejectedReason?: string;
  rejectedSequencer?: string;
  /** When that upload was stored, ISO 8601, as S3 lists it. */
  rejectedAt?: string;
  /**
   * Its partition in the index of names: the status that lists show, and a shard: `READY#3`. Absent once it is `DELETED`,
   * and in records of the first releases.
   */
  statusShard?: string;
  /** Its sort key there, of `createdAt` and `id`: the name's place in every list. */
  listPosition?: string;
  /** ISO 8601 in UTC. */
  createdAt: string;
  updatedAt: string;
  deletedAt?: string;
  /** Seconds since 1970; DynamoDB removes the item some time after. */
  expiresAt?: number;
}

/** A record as lists have it: what `GET` tells, but for the newest generation's renditions. */
export type ListedRecord = Omit<RawRecord, "epoch" | "renditions" | "expected" | "listPosition"> & {
  listPosition: string;
};

/** The part of a generation that `GET` tells, and that names its objects. */
export type LiveGeneration = Pick<
  RawRecord,
  | "generation"
  | "contentHash"
  | "format"
  | "bytes"
  | "width"
  | "height"
  | "metadata"
  | "focus"
  | "renditions"
  | keyof Preview
>;

/** Of a `READY` generation: what a page can show until a rendition is there. */
export interface Preview {
  /** A ThumbHash (https://evanw.github.io/thumbhash/) in Base64, of up to 36 characters. */
  placeholder: string;
  /** `#rrggbb` */
  dominantColour: string;
}

/** A point of the upright picture: its distances from the left and from the top as shares, 0 to 1, of width and height. */
export interface Focus {
  x: number;
  y: number;
}

/** Its key derives from these and from the generation (`renditionKey` in generation.ts). */
export interface StoredRendition extends Pick<RenditionSpec, "imageType"> {
  /**
   * The image type under which its object lies, where that is another one: of an original that is smaller than several
   * boxes they show the same.
   */
  storedAs?: string;
  format: RenditionFormat;
  bytes: number;
  /** Pixels. */
  width: number;
  height: number;
  /** A digest of how it was made (`recipeOf` in recipes.ts). Those that were made before there was one have none. */
  recipe?: string;
  /** The record's revision when a backfill began to make it; those that were made of an upload have none. */
  revision?: number;
}

/** Asks `ResolutionBasedImagePutProcess` to make the renditions of one generation. */
export interface PutResolutionBasedImageMessage {
  original: string;
  /** The generation's manifest (generation.ts). */
  manifest: string;
  /** When S3 stored the upload, ISO 8601: end-to-end latency is counted from here. */
  uploadedAt: string;
}
/**
 * Asks `ResolutionBasedImagePutProcess` to make the renditions that a `READY` generation lacks, or has from another
 * configuration.
 */
export interface BackfillMessage {
  original: string;
  /** The generation, and the record's revision, as its sender read them. What came later wins. */
  generation: string;
  revision: number;
  /** The renditions that it is to have, in their order. */
  wanted: RenditionSpec[];
  /** Those of these image types alone are looked at. Default: of all. */
  types?: string[];
  /** Those of other image types and formats are removed. Default: they stay. */
  remove?: boolean;
}
/**
 * Asks `ResolutionBasedImageDeleteProcess` to delete the objects of one generation, or the original that was stored of an
 * upload (its version id) that was not recorded.
 */
export type DeleteResolutionBasedImageMessage = { original: string } & ({ manifest: string } | { upload: string });

/** The states of a name that are announced. */
export type ImageEventName = "uploaded" | "ready" | "failed" | "rejected" | "deleted";

/** An event on its way to the stack's event bus; docs/events.md has an example of each. */
export interface ImageEvent {
  name: ImageEventName;
  detail: ImageEventDetail;
}
export interface ImageEventDetail extends Partial<Preview> {
  /** The same for every copy of an event, different for different events. */
  eventId: string;
  /** The image's name, as `GET` calls it. */
  object: string;
  /** The record's id. */
  id: string;
  /** When the record came to say so, ISO 8601. */
  at: string;
  /** The generation that was recorded, is `READY`, or failed. */
  generation?: string;
  /** When S3 stored the upload, ISO 8601. */
  uploadedAt?: string;
  /** Its original. */
  original?: {
    key: string;
    contentHash?: string;
    format?: ImageFormat;
    bytes?: number;
    width?: number;
    height?: number;
  };
  /** Those that came with the upload. */
  metadata?: Record<string, unknown>;
  focus?: Focus;
  /** Of a `READY` generation, in the configured order; on the bus with URLs where those do not expire. */
  renditions?: (Omit<StoredRendition, "storedAs" | "recipe" | "revision"> & { key: string; url?: string })[];
  /** Why it failed, or was rejected. */
  reason?: string;
  /** It failed because no try succeeded; a later one may make it `READY` all the same. */
  givenUp?: true;
  /** Of a deletion: whether all objects are gone. If not, an upload was recorded before that, and they go later. */
  cleared?: boolean;
}
/** Why the bus did not take an event. */
export interface Refusal {
  /** Short and the same for all of a kind. */
  cause: string;
  reason: string;
  /** No later try can succeed. */
  poison: boolean;
}
