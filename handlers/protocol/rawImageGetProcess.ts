import { liveOf, renditionKey } from "./generation";
import { tempKey } from "./objectName";
import { toldDetails, toldPreview, toldRendition } from "./toldDetails";
import type { ImageMetadata, TempImages } from "../ports";
import type { Focus, RawRecord, Status, StoredRendition } from "../records";

export interface RawImageGetPorts {
  temp: Pick<TempImages, "versions">;
  metadata: ImageMetadata;
}

/** The answer of `GET /raw/{object}` to a name without an image, whose upload waits to be taken in. */
interface UploadedStatus {
  object: string;
  status: "UPLOADED";
  reason?: undefined;
  renditions: [];
}
/** The answer of `GET /raw/{object}`. Times are ISO 8601 in UTC. */
export interface ImageStatus<Rendition = RenditionStatus> {
  object: string;
  id: string;
  status: Status;
  /**
   * Why the last upload was rejected or failed, for its uploader. A `READY` image that has a reason is the previous
   * one: the upload after it was rejected.
   */
  reason?: string;
  /** The upload that was accepted after a `READY` image, which is served until this one is `READY`. */
  pending?: PendingStatus;
  generation?: string;
  /** Of the original. */
  format?: string;
  bytes?: number;
  /** Pixels, after EXIF orientation. */
  width?: number;
  height?: number;
  /** Those that `POST /uploads` was given for its upload. */
  metadata?: Record<string, unknown>;
  focus?: Focus;
  /** Of the served image, made since the release that has them. */
  placeholder?: string;
  dominantColour?: string;
  renditions: Rendition[];
  createdAt: string;
  updatedAt: string;
  deletedAt?: string;
}
interface PendingStatus {
  /** `PROCESSING`, or `FAILED` for a `reason`. */
  status: Status;
  reason?: string;
  generation?: string;
  metadata?: Record<string, unknown>;
  focus?: Focus;
  uploadedAt?: string;
}
export interface RenditionStatus {
  imageType: string;
  /** Where it can be read without a further header. */
  url: string;
  format: string;
  bytes: number;
  width: number;
  height: number;
}
/** An image whose renditions are told by the keys of their objects: making a URL costs. */
export type FoundImage = ImageStatus<FoundRendition> | UploadedStatus;
export type FoundRendition = Omit<StoredRendition, "storedAs"> & { imageId: string };

/** The status of a name, or undefined where nothing of it is known. */
export function rawImageGetProcess({ temp, metadata }: RawImageGetPorts) {
  return async (name: string): Promise<FoundImage | undefined> => {
    let record = await metadata.readRaw(name);
    if (!record || record.status === "DELETED") {
      const waiting = await temp.versions(tempKey(name), 1);
      if (waiting.length > 0) return { object: name, status: "UPLOADED", renditions: [] };
      // An upload may have been taken in since the record was read: what it became was recorded before it went.
      record = await metadata.readRaw(name);
    }
    if (!record) return undefined;
    return { ...imageStatus(record), renditions: foundRenditions(record) };
  };
}

/** The renditions of the generation that is served. */
export function foundRenditions(record: RawRecord): FoundRendition[] {
  const { generation = "", renditions = [] } = liveOf(record) ?? {};
  return renditions.map((rendition) => ({
    ...toldRendition(rendition),
    imageId: renditionKey(record.original, generation, rendition),
  }));
}

/** A record, or what lists have of it. */
type Told = Omit<RawRecord, "epoch">;

/** The part of the answer that comes from the record alone. */
export function imageStatus(record: Told): ImageStatus<never> {
  const { original: name, id, status, live, createdAt, updatedAt, deletedAt } = record;
  const { generation, format, bytes, width, height, ...told } = live ?? record;
  const reason = rejectionOf(record) ?? (live ? undefined : record.reason);
  return {
    object: name,
    id,
    status: live ? "READY" : status,
    ...(reason === undefined ? {} : { reason }),
    ...(live && { pending: pendingStatus(record) }),
    ...(generation === undefined ? {} : { generation, format, bytes, width, height, ...toldDetails(told) }),
    ...toldPreview(told),
    renditions: [],
    createdAt,
    updatedAt,
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}

function pendingStatus({ status, reason, generation, uploadedAt, ...told }: Told): PendingStatus {
  return { status, ...(reason === undefined ? {} : { reason }), generation, ...toldDetails(told), uploadedAt };
}

/** A rejection counts only while no later upload was accepted. */
function rejectionOf({ sequencer = "", rejectedSequencer = "", rejectedReason }: Told): string | undefined {
  return rejectedSequencer > sequencer ? rejectedReason : undefined;
}
