import { unchanged } from "./conditions";
import { finishDeletion } from "./deletion";
import { allOf, isNeeded, keysOf, neededKeys, originalKeyPrefix, uploadTag } from "./generation";
import { isUnlisted, listedUnder, listPosition } from "./listing";
import { parseDeleteMessage } from "./messages";
import type { Clock, EdgeCaches, ImageMetadata, Images, Journal } from "../ports";
import type { RawRecord } from "../records";

export interface ResolutionBasedImageDeletePorts {
  images: Images;
  edgeCaches: EdgeCaches;
  metadata: ImageMetadata;
  clock: Clock;
  journal: Journal;
}

/**
 * Clears away the objects of one generation that its record no longer needs, and takes it out of `superseded`; or the original
 * that was stored of an upload that was not recorded.
 */
export function resolutionBasedImageDeleteProcess(ports: ResolutionBasedImageDeletePorts) {
  const { images, edgeCaches, metadata, clock, journal } = ports;
  return async (body: unknown): Promise<void> => {
    const message = parseDeleteMessage(body);
    const { original: name } = message;
    if ("upload" in message) {
      await clearUpload(ports, name, message.upload);
      return;
    }
    const { manifest } = message;
    const keys = keysOf(name, manifest);
    const { generation } = keys;
    const startedAt = clock.now();

    let record = await metadata.readRaw(name);
    const needed = neededKeys(name, record);
    // Of a generation that stays, a backfill replaces some renditions.
    const renditions = keys.renditions.filter((imageId) => !needed.has(imageId));
    const isMistaken = keys.original === undefined ? renditions.length === 0 : isNeeded(record, generation);
    if (isMistaken) {
      journal.finished({ outcome: "stale", name, generation });
      return;
    }
    await Promise.all(allOf({ ...keys, renditions }).map((imageId) => images.delete(imageId)));
    // Only once its objects are gone: a cache that forgets one before that fetches it again.
    await edgeCaches.forget(renditions);

    if (record?.superseded?.includes(manifest)) {
      const result = await metadata.updateRaw(name, {
        when: [{ attribute: "id", oneOf: [record.id] }], // never makes an item
        sets: { superseded: { remove: [manifest] } },
      });
      record = result.record;
    }
    const wasDeleting = record?.status === "DELETING";
    if (record) record = await finishDeletion(ports, record);
    const outcome = wasDeleting && record?.status === "DELETED" ? "deleted" : "cleared";
    journal.finished({ outcome, name, generation, durationMs: clock.now() - startedAt });
  };
}

/** Deletes what was stored of an upload. Only uploads that can no longer be recorded are named in a message. */
async function clearUpload(ports: ResolutionBasedImageDeletePorts, name: string, versionId: string): Promise<void> {
  const { images, metadata, clock, journal } = ports;
  const startedAt = clock.now();
  const record = await metadata.readRaw(name);
  if (isNeeded(record, uploadTag(versionId))) {
    journal.finished({ outcome: "stale", name });
    return;
  }
  for (const stored of await images.list(originalKeyPrefix(name, versionId))) await images.delete(stored);
  if (record) await finishDeletion(ports, await listed(ports, record));
  journal.finished({ outcome: "cleared", name, durationMs: clock.now() - startedAt });
}

/** Puts a record of the first releases into the list of its status. */
async function listed({ metadata }: ResolutionBasedImageDeletePorts, record: RawRecord): Promise<RawRecord> {
  if (!isUnlisted(record)) return record;
  const { record: after } = await metadata.updateRaw(record.original, {
    when: [unchanged("status", record.status), unchanged("generation", record.generation)],
    set: listedUnder(record.original, record),
    setIfAbsent: listPosition(record),
  });
  return after ?? record;
}
