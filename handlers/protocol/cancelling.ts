import { finishDeletion } from "./deletion";
import { tempKey } from "./objectName";
import { bytesOf, type RecordRoom } from "./recordRoom";
import type { Clock, ImageMetadata, StoredVersion, TempImages } from "../ports";
import type { RawRecord } from "../records";

/**
 * How the one update of a DELETE cancels the uploads that wait, newest first: by their version ids; where these are more
 * than the record has room for, by the time before which S3 stored them, and only those of that second by their ids. That
 * time never goes back: another DELETE may have listed more.
 */
export function cancellation(
  waiting: StoredVersion[],
  { cancelled = [], cancelledBefore = "" }: Partial<RawRecord> = {},
  room: RecordRoom,
): { cancelled: string[]; cancelledBefore?: string } {
  const ids = waiting.map(({ versionId }) => versionId);
  const [newest] = waiting;
  if (newest === undefined || bytesOf(new Set([...cancelled, ...ids])) <= room.cancelled) return { cancelled: ids };
  const { storedAt } = newest;
  return {
    cancelled: waiting.filter((upload) => upload.storedAt === storedAt).map(({ versionId }) => versionId),
    cancelledBefore: storedAt > cancelledBefore ? storedAt : cancelledBefore,
  };
}

/** Whether a DELETE cancelled an upload by its time. */
export const isCancelledByTime = (record: RawRecord | undefined, { storedAt }: Pick<StoredVersion, "storedAt">) =>
  storedAt < (record?.cancelledBefore ?? "");

/**
 * A DELETE cancelled uploads by their time, and they keep its name from being `DELETED`: until a DELETE has removed all that
 * it listed, or none waits any more. Returns the record.
 * @param listed the uploads that a DELETE listed and has removed, as far as they were cancelled by their time
 */
export async function finishCancelling(
  ports: { temp: Pick<TempImages, "versions">; metadata: ImageMetadata; clock: Clock },
  record: RawRecord,
  [newest]: StoredVersion[] = [],
): Promise<RawRecord> {
  const { original: name, status, cancelledBefore } = record;
  if (status !== "DELETING" || cancelledBefore === undefined) return record;
  // A list has every upload that is older than its newest one. Another DELETE may have listed later ones.
  const allRemoved = newest !== undefined && cancelledBefore <= newest.storedAt;
  if (!allRemoved && (await ports.temp.versions(tempKey(name), 1)).length > 0) return record;
  const result = await ports.metadata.updateRaw(name, {
    when: [
      { attribute: "status", oneOf: ["DELETING"] },
      { attribute: "cancelledBefore", oneOf: [cancelledBefore] },
    ],
    remove: ["cancelledBefore"],
  });
  return result.record ? finishDeletion(ports, result.record) : record;
}
