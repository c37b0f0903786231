import { fateOf, isNotBefore, type Arrival, type RawImagePutPorts } from "./arrival";
import { finishCancelling } from "./cancelling";
import { namedError } from "./errors";
import { removeLeftovers } from "./withdrawing";
import type { RawRecord } from "../records";

/**
 * S3 did not find the upload. Either another delivery or a DELETE removed it, and recorded that before; or S3 does not
 * show it yet, which happens in the first minutes of a bucket's versioning: then it must not count as finished.
 */
export async function explainMissing(ports: RawImagePutPorts, arrival: Arrival): Promise<"done" | "again"> {
  const { temp, metadata, journal } = ports;
  const { name, key, versionId } = arrival;
  const record = await metadata.readRaw(name);
  if (fateOf(record, arrival) !== undefined) return "again";
  if (!mayBeRemoved(record, arrival) || (await temp.versions(key)).some((listed) => listed.versionId === versionId)) {
    throw namedError("UploadMissing", `${name}: its upload ${versionId} is missing, and its record does not tell why`);
  }
  await removeLeftovers(ports, arrival);
  if (record) await finishCancelling(ports, record);
  journal.finished({ outcome: "cancelled", name });
  return "done";
}

/** Whether the upload may have been removed without a trace of its own: by a DELETE, or as an older bad image. */
function mayBeRemoved(record: RawRecord | undefined, { sequencer, uploadedAt }: Arrival): boolean {
  const isRejectedNewer = isNotBefore(record?.rejectedSequencer, sequencer);
  return isDeleted(record, uploadedAt) || isRejectedNewer || isSwept(record, uploadedAt);
}

/** Whether the name's last DELETE, of which the epoch tells the second, came after the upload. */
function isDeleted(record: RawRecord | undefined, uploadedAt: string): boolean {
  if (record?.status !== "DELETING" && record?.status !== "DELETED") return false;
  return isNotLater(uploadedAt, record.epoch * 1000);
}

/**
 * Whether the sweep may have sent this upload, or a newer one, on its way: under a sequencer that is smaller than the
 * upload's own, so that only the times tell. S3 gives the time of one upload twice, a few seconds apart.
 */
function isSwept(record: RawRecord | undefined, uploadedAt: string): boolean {
  return [record?.uploadedAt, record?.rejectedAt].some((at) => isNotLater(uploadedAt, Date.parse(at ?? "")));
}

const A_MINUTE_MS = 60_000;
/** Clocks may differ by less than a minute. */
const isNotLater = (uploadedAt: string, milliseconds: number): boolean =>
  Date.parse(uploadedAt) <= milliseconds + A_MINUTE_MS;
