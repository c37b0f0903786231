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
    const { original, manifest } = parseDeleteMessage(body);
    const keys = keysOf(original, manifest);
    const { generation } = keys;
    const startedAt = clock.now();

    let record = await metadata.readRaw(original);
    if (record?.generation === generation) {
      journal.finished({ outcome: "stale", original, generation });
      return;
    }
    await Promise.all([images.delete(keys.original), removeRenditions(ports, original, manifest)]);

    if (record?.superseded?.includes(manifest)) {
      const result = await metadata.updateRaw(original, {
        when: [{ attribute: "id", oneOf: [record.id] }], // never makes an item
        set: { updatedAt: new Date(clock.now()).toISOString() },
        removeSuperseded: [manifest],
      });
      record = result.record;
    }
    if (record) await finishDeletion(ports, record);
    journal.finished({ outcome: "deleted", original, generation, durationMs: clock.now() - startedAt });
  };
}
