import { isRecorded, type Arrival, type RawImagePutPorts } from "./arrival";
import { finishDeletion } from "./deletion";
import { originalKeyPrefix } from "./generation";
import type { RawRecord } from "../records";

/** A newer upload has won: nothing of this one stays. No other delivery of it can be recorded any more. */
export async function withdraw({ images, temp, journal }: RawImagePutPorts, arrival: Arrival): Promise<void> {
  const { name, key, versionId } = arrival;
  for (const stored of await images.list(originalKeyPrefix(name, versionId))) await images.delete(stored);
  await temp.delete(key, versionId);
  journal.finished({ outcome: "overtaken", name });
}

/** A DELETE cancelled this upload, and may have died before it removed it: nothing of it stays. */
export async function cancel(ports: RawImagePutPorts, arrival: Arrival, before: RawRecord): Promise<void> {
  const { temp, metadata, clock, journal } = ports;
  const { name, key, versionId } = arrival;
  await temp.delete(key, versionId);
  await removeLeftovers(ports, arrival);
  const { record } = await metadata.updateRaw(name, {
    when: [{ attribute: "id", oneOf: [before.id] }], // never makes an item
    set: { updatedAt: new Date(clock.now()).toISOString() },
    sets: { cancelled: { remove: [versionId] } },
  });
  if (record) await finishDeletion(ports, record);
  journal.finished({ outcome: "cancelled", name });
}

/**
 * The upload is gone, but an earlier delivery may have stored the original and died before it recorded it. An upload
 * is removed only once no delivery of it can be recorded any more: what the record says now is final.
 */
export async function removeLeftovers({ images, metadata }: RawImagePutPorts, arrival: Arrival): Promise<void> {
  const leftovers = await images.list(originalKeyPrefix(arrival.name, arrival.versionId));
  if (leftovers.length === 0) return;
  if (isRecorded(await metadata.readRaw(arrival.name), arrival)) return;
  for (const stored of leftovers) await images.delete(stored);
}
