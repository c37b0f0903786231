import type { Arrival, RawImagePutPorts } from "./arrival";
import { finishDeletion } from "./deletion";
import { originalKeyPrefix } from "./generation";
import type { RawRecord } from "../records";

/** Removes an upload and what was stored of it. No delivery of it can be recorded any more. */
export async function removeUpload(ports: RawImagePutPorts, arrival: Arrival): Promise<void> {
  await removeLeftovers(ports, arrival);
  await ports.temp.delete(arrival.key, arrival.versionId);
}

/** A DELETE cancelled this upload, and may have died before it removed it: nothing of it stays. */
export async function cancel(ports: RawImagePutPorts, arrival: Arrival, before: RawRecord): Promise<void> {
  const { temp, metadata } = ports;
  const { name, key, versionId } = arrival;
  await temp.delete(key, versionId);
  await removeLeftovers(ports, arrival);
  const { record } = await metadata.updateRaw(name, {
    when: [{ attribute: "id", oneOf: [before.id] }], // never makes an item
    sets: { cancelled: { remove: [versionId] } },
  });
  if (record) await finishDeletion(ports, record);
}

/**
 * A delivery that died may have stored the original of an upload that the record will never take in. This function may
 * not delete originals, so it asks for it.
 */
export async function removeLeftovers({ images, deleteQueue }: RawImagePutPorts, arrival: Arrival): Promise<void> {
  const { name, versionId } = arrival;
  const stored = await images.list(originalKeyPrefix(name, versionId));
  if (stored.length > 0) await deleteQueue.send({ original: name, upload: versionId });
}
