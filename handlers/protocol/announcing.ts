import { renditionKey, sha256 } from "./generation";
import { toldDetails, toldPreview, toldRendition } from "./toldDetails";
import type { ImageEvent, ImageEventDetail, ImageEventName, RawRecord } from "../records";

/** A record before and after one update; undefined where there was none, or is none any more. */
export interface RecordChange {
  before: RawRecord | undefined;
  after: RawRecord | undefined;
}

/**
 * The events of one update of a record, in their order. They derive from the record alone, so that a change that is read
 * twice gives the same events.
 */
export function eventsOf({ before, after }: RecordChange): ImageEvent[] {
  if (!after) return []; // it expired, and nothing of the name was left
  const { status, generation, revision, rejectedReason, rejectedSequencer, reason, givenUp } = after;
  const found: ImageEvent[] = [];
  const announce = (name: ImageEventName, of: string, detail: Partial<ImageEventDetail>) =>
    found.push(eventOf(after, name, of, detail));

  // A new upload may be recorded while the objects of the deleted ones still go: DELETED is never reached then.
  if (status !== before?.status && (before?.status === "DELETING" || status === "DELETED")) {
    announce("deleted", String(after.epoch), { cleared: status === "DELETED" });
  }
  if (rejectedReason !== undefined && rejectedSequencer !== before?.rejectedSequencer) {
    announce("rejected", rejectedSequencer ?? "", { uploadedAt: after.rejectedAt, reason: rejectedReason });
  }
  if (generation === undefined) return found;
  const isNew = generation !== before?.generation;
  // A backfill has made other renditions. While it does, R tells of the same ones.
  const isRenewed = !isNew && JSON.stringify(renditionsOf(after)) !== JSON.stringify(renditionsOf(before));
  if (isNew) announce("uploaded", generation, generationOf(after));
  if (!isNew && !isRenewed && status === before.status && givenUp === before.givenUp) return found;
  if (status === "READY") {
    const of = revision === undefined ? generation : `${generation} revision ${revision}`;
    announce("ready", of, { ...generationOf(after), ...toldPreview(after), renditions: renditionsOf(after) });
  }
  if (status === "FAILED") {
    // One that was given up may still fail for good, with another reason.
    const of = givenUp ? `${generation} given up` : generation;
    announce("failed", of, { ...generationOf(after), reason, ...(givenUp && { givenUp }) });
  }
  return found;
}

/** @param of tells the event from all others of its kind and name */
function eventOf(
  { original: object, id, updatedAt: at }: RawRecord,
  name: ImageEventName,
  of: string,
  detail: Partial<ImageEventDetail>,
): ImageEvent {
  const eventId = sha256(JSON.stringify([name, object, id, of])).slice(0, 32);
  return { name, detail: { eventId, object, id, at, ...detail } };
}

function generationOf(record: RawRecord): Partial<ImageEventDetail> {
  const { generation, uploadedAt, imageId: key = "", contentHash, format, bytes, width, height } = record;
  const original = { key, contentHash, format, bytes, width, height };
  return { generation, uploadedAt, original, ...toldDetails(record) };
}

function renditionsOf({ original: name, generation = "", renditions = [] }: RawRecord): ImageEventDetail["renditions"] {
  return renditions.map((rendition) => ({
    ...toldRendition(rendition),
    key: renditionKey(name, generation, rendition),
  }));
}
