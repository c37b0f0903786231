import { sha256, uploadTag } from "./generation";
import { listPosition } from "./listing";
import type { UploadEvent } from "./messages";
import type { RecordRoom } from "./recordRoom";
import type { InspectUpload } from "../imagePorts";
import type { Clock, ImageMetadata, Images, Journal, Queue, TempImages } from "../ports";
import type { RenditionSpec, UploadLimits } from "../imageTypes";
import type {
  DeleteResolutionBasedImageMessage,
  LiveGeneration,
  PutResolutionBasedImageMessage,
  RawRecord,
} from "../records";

export interface RawImagePutPorts {
  temp: TempImages;
  images: Images;
  metadata: ImageMetadata;
  putQueue: Queue<PutResolutionBasedImageMessage>;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  inspectUpload: InspectUpload;
  limits: UploadLimits;
  imageTypes: RenditionSpec[];
  room: RecordRoom;
  clock: Clock;
  journal: Journal;
}

/** One upload on its way in. */
export interface Arrival extends UploadEvent {
  name: string;
  /** The epoch of the name's record before the upload was read. */
  epoch: number;
  /** Whether the message was received before: an earlier delivery may have died after any step. */
  repeated: boolean;
  startedAt: number;
}

/**
 * The attributes that a record keeps from its first upload on. The id is derived, so that two deliveries agree on it.
 * @param record as it is; one of the first releases has no place in lists yet
 */
export function identity(
  { name, versionId }: Arrival,
  now: string,
  record: RawRecord | undefined,
): Pick<RawRecord, "id" | "createdAt" | "listPosition"> {
  const { id, createdAt } = record ?? { id: sha256(`${name} ${versionId}`).slice(0, 32), createdAt: now };
  return { id, createdAt, ...listPosition({ id, createdAt }) };
}

/** Whether a generation was made of this upload. */
function isMadeOf({ versionId }: UploadEvent, recorded: LiveGeneration | undefined): boolean {
  return recorded?.generation?.startsWith(uploadTag(versionId)) ?? false;
}

/** The record's final word on an upload; undefined where it is still to be taken in. */
export function fateOf(
  record: RawRecord | undefined,
  event: UploadEvent,
): "cancelled" | "recorded" | "overtaken" | "rejected" | undefined {
  if (record?.cancelled?.includes(event.versionId)) return "cancelled";
  if (isMadeOf(event, record)) return "recorded";
  // One that is live beside a newer one was recorded before that: the sweep may have sent its event once more.
  if (isMadeOf(event, record?.live) || isNotBefore(record?.sequencer, event.sequencer)) return "overtaken";
  // The sweep may send the event of one that was recorded once more, after a DELETE: its objects are still being deleted.
  if (record?.superseded?.some((manifest) => manifest.startsWith(uploadTag(event.versionId)))) return "overtaken";
  if (record?.rejectedSequencer === event.sequencer) return "rejected";
  // Or after that, when nothing is left of it: as the event of an upload that is newer than all.
  return record?.judged?.includes(uploadTag(event.versionId)) ? "overtaken" : undefined;
}

/** Whether a recorded sequencer is the same as, or newer than, this one. */
export function isNotBefore(recorded: string | undefined, sequencer: string): boolean {
  return recorded !== undefined && recorded >= sequencer;
}
