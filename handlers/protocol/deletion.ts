import { keysOf } from "./generation";
import type { Clock, ImageMetadata, Images, Queue } from "../ports";
import type { DeleteResolutionBasedImageMessage, RawRecord } from "../records";

/**
 * Records of names without an image stay this long, so that `GET` can answer 410, or why an upload was rejected. It must
 * exceed the longest time that a message can wait in a queue and, after a redrive, once more in its dead-letter queue (28
 * days): a record that is gone has forgotten its epoch and its sequencers.
 */
const KEPT_DAYS = 30;

/** When an item that has no image any more expires, in seconds since 1970. */
export const expiresAt = (clock: Clock): number => Math.floor(clock.now() / 1000) + KEPT_DAYS * 24 * 60 * 60;

/** The attributes of an item that is deleted now. */
export function deletedNow(clock: Clock): { updatedAt: string; deletedAt: string; expiresAt: number } {
  const at = new Date(clock.now()).toISOString();
  return { updatedAt: at, deletedAt: at, expiresAt: expiresAt(clock) };
}

/** Asks for the objects of generations to be cleared away. */
export async function clear(
  { deleteQueue }: { deleteQueue: Queue<DeleteResolutionBasedImageMessage> },
  name: string,
  superseded: string[] = [],
): Promise<void> {
  await deleteQueue.send(...superseded.map((manifest) => ({ original: name, manifest })));
}

/** Removes the renditions of one generation. */
export async function removeRenditions({ images }: { images: Images }, name: string, manifest: string): Promise<void> {
  await Promise.all(keysOf(name, manifest).renditions.map((imageId) => images.delete(imageId)));
}

/** `DELETING` becomes `DELETED` once nothing of the name is left to clear away. */
export async function finishDeletion(
  { metadata, clock }: { metadata: ImageMetadata; clock: Clock },
  record: RawRecord,
): Promise<RawRecord> {
  if (record.status !== "DELETING" || record.superseded || record.cancelled || record.cancelledBefore) return record;
  const finished = await metadata.updateRaw(record.original, {
    when: [
      { attribute: "status", oneOf: ["DELETING"] },
      { attribute: "superseded", absent: true },
      { attribute: "cancelled", absent: true },
      { attribute: "cancelledBefore", absent: true },
    ],
    set: { status: "DELETED", ...deletedNow(clock) },
    remove: ["statusShard"],
  });
  return finished.record ?? record;
}
