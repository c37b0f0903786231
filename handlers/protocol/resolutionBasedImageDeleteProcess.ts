import { finishDeletion, removeRenditions } from "./deletion";
import { keysOf } from "./generation";
import { parseDeleteMessage } from "./messages";
import type { Clock, ImageMetadata, Images, Journal } from "../ports";

export interface ResolutionBasedImageDeletePorts {
  images: Images;
  metadata: ImageMetadata;
  clock: Clock;
  journal: Journal;
}

/** Clears away the objects of one generation that is no longer live, and takes it out of `superseded`. */
export function resolutionBasedImageDeleteProcess(ports: ResolutionBasedImageDeletePorts) {
  const { images, metadata, clock, journal } = ports;
  return async (body: unknown): Promise<void> => {
    const { original: name, manifest } = parseDeleteMessage(body);
    const keys = keysOf(name, manifest);
    const { generation } = keys;
    const startedAt = clock.now();

    let record = await metadata.readRaw(name);
    if (record?.generation === generation) {
      journal.finished({ outcome: "stale", name, generation });
      return;
    }
    await Promise.all([images.delete(keys.original), removeRenditions(ports, name, manifest)]);

    if (record?.superseded?.includes(manifest)) {
      const result = await metadata.updateRaw(name, {
        when: [{ attribute: "id", oneOf: [record.id] }], // never makes an item
        set: { updatedAt: new Date(clock.now()).toISOString() },
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
