import { unchanged } from "./conditions";
import { clear, deletedNow, finishDeletion } from "./deletion";
import { keysOf, manifestsOf, sha256 } from "./generation";
import { tempKey } from "./objectName";
import type { Clock, ImageMetadata, Images, Journal, Queue, TempImages } from "../ports";
import type { DeleteResolutionBasedImageMessage, RawRecord } from "../records";

export interface RawImageDeletePorts {
  temp: TempImages;
  images: Images;
  metadata: ImageMetadata;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  clock: Clock;
  journal: Journal;
}

/**
 * Deletes a name. One update decides everything: a new epoch, which no upload that is under way can pass, no
 * generation any more, and the uploads that wait are cancelled by their version ids. The originals are deleted after
 * that, all else by messages. Doing all of it again is harmless. Answers the record, or undefined where nothing of
 * the name is known.
 */
export function rawImageDeleteProcess(ports: RawImageDeletePorts) {
  const { temp, images, metadata, journal } = ports;
  return async (name: string): Promise<RawRecord | undefined> => {
    const key = tempKey(name);
    const waiting = await temp.versions(key);
    const before = await metadata.readRaw(name);
    if (!before && waiting.length === 0) return undefined;
    const { record, deleted } = await moveEpoch(ports, name, before, waiting);

    for (const manifest of deleted) await images.delete(keysOf(name, manifest).original);
    await clear(ports, name, record.superseded);
    const after = await finishDeletion(ports, await removeCancelled(ports, record));
    journal.finished({ outcome: after.status === "DELETED" ? "deleted" : "deleting", name });
    return after;
  };
}

/** The one update of a DELETE. Returns the record and the manifests that it had until then. */
async function moveEpoch(
  { metadata, clock }: RawImageDeletePorts,
  name: string,
  before: RawRecord | undefined,
  waiting: string[],
): Promise<{ record: RawRecord; deleted: string[] }> {
  let current = before;
  for (;;) {
    const deleted = manifestsOf(current, current?.live);
    const { updatedAt, deletedAt, expiresAt } = deletedNow(clock);
    const nothingStored = deleted.length === 0 && !current?.superseded && !current?.cancelled && waiting.length === 0;
    const result = await metadata.updateRaw(name, {
      when: [unchanged("epoch", current?.epoch), unchanged("generation", current?.generation)],
      set: {
        // Never the epoch of a record of this name that expired: an upload may remember it.
        epoch: Math.max((current?.epoch ?? 0) + 1, Math.floor(clock.now() / 1000)),
        updatedAt,
        ...(nothingStored ? { status: "DELETED" as const, expiresAt } : { status: "DELETING" as const }),
      },
      setIfAbsent: {
        ...(nothingStored ? { deletedAt } : {}), // a repeated DELETE keeps the first one's
        id: sha256(`${name} ${updatedAt}`).slice(0, 32),
        createdAt: updatedAt,
      },
      remove: [
        ...(["generation", "imageId", "contentHash", "format", "bytes", "width", "height"] as const),
        ...(["expected", "renditions", "live", "reason", "givenUp", "rejectedReason"] as const),
        ...(nothingStored ? [] : (["deletedAt", "expiresAt"] as const)),
      ],
      sets: { superseded: { add: deleted }, cancelled: { add: waiting } },
    });
    if (result.applied) return { record: result.record, deleted };
    current = result.record; // an upload or another DELETE changed the record meanwhile
  }
}

/** Removes the uploads that were cancelled, by this DELETE or by one that died. Returns the record. */
async function removeCancelled({ temp, metadata, clock }: RawImageDeletePorts, record: RawRecord): Promise<RawRecord> {
  const { original: name, cancelled } = record;
  if (!cancelled) return record;
  await temp.delete(tempKey(name), ...cancelled);
  const result = await metadata.updateRaw(name, {
    when: [{ attribute: "id", oneOf: [record.id] }], // never makes an item
    set: { updatedAt: new Date(clock.now()).toISOString() },
    sets: { cancelled: { remove: cancelled } },
  });
  return result.record ?? record;
}
