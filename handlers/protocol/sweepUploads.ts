import { fateOf, isNotBefore } from "./arrival";
import { s3EventOf, type UploadEvent } from "./messages";
import { objectOfTempKey } from "./objectName";
import type { IsDue, SweepPorts } from "./sweepProcess";
import type { ListedUpload } from "../ports";
import type { RawRecord } from "../records";

/**
 * Sends the event of each upload that waits for too long: its own was lost, or became a dead letter. Of each name the
 * oldest at a time, so that uploads are taken in as they came. Returns the number of messages.
 */
export async function sweepUploads(
  { metadata, uploadQueue }: SweepPorts,
  uploads: ListedUpload[],
  due: IsDue,
): Promise<number> {
  let sent = 0;
  for (const [key, versions] of byKey(uploads)) {
    // Newest first, as S3 lists them.
    const oldest = versions.at(-1);
    if (oldest === undefined || !due(oldest.storedAt)) continue;
    const name = objectOfTempKey(key);
    const record = name === undefined ? undefined : await metadata.readRaw(name);
    await uploadQueue.send(s3EventOf(eventOf(oldest, record)));
    sent += 1;
  }
  return sent;
}

function byKey(uploads: ListedUpload[]): Map<string, ListedUpload[]> {
  const keys = new Map<string, ListedUpload[]>();
  for (const upload of uploads) keys.set(upload.key, [...(keys.get(upload.key) ?? []), upload]);
  return keys;
}

/**
 * S3 tells the sequencer of an upload in its event alone. An upload that is newer than all that the record knows gets the
 * next one after those; real ones that come later are greater. Lists tell times to the second.
 */
function eventOf({ key, versionId, storedAt }: ListedUpload, record: RawRecord | undefined): UploadEvent {
  const event = { key, versionId, uploadedAt: storedAt };
  const { sequencer = FIRST, uploadedAt, rejectedSequencer, rejectedAt } = record ?? {};
  const isOlderThan = (other: string | undefined) => other !== undefined && second(storedAt) < second(other);
  if (fateOf(record, { ...event, sequencer: LAST }) || isOlderThan(uploadedAt)) return { ...event, sequencer };
  const isRejectedNewer = isNotBefore(rejectedSequencer, sequencer) && !isOlderThan(rejectedAt);
  return { ...event, sequencer: next(isRejectedNewer ? (rejectedSequencer ?? sequencer) : sequencer) };
}

const FIRST = "0".repeat(32);
/** Newer than any. */
const LAST = "G";
const second = (time: string): string => time.slice(0, 19);
/** The smallest sequencer after a padded one. S3's own are shorter, so that none lies between them. */
const next = (sequencer: string): string =>
  (BigInt(`0x${sequencer}`) + 1n).toString(16).toUpperCase().padStart(32, "0");
