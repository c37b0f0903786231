import { cancellation, finishCancelling, isCancelledByTime } from "./cancelling";
import { unchanged } from "./conditions";
import { clear, deletedNow, finishDeletion } from "./deletion";
import { namedError } from "./errors";
import { judgedWith, keysOf, manifestsOf, sha256 } from "./generation";
import { listedUnder, listPosition } from "./listing";
import { tempKey } from "./objectName";
import type { RecordRoom } from "./recordRoom";
import type { Clock, ImageMetadata, Images, Journal, Queue, StoredVersion, TempImages } from "../ports";
import type { DeleteResolutionBasedImageMessage, RawRecord } from "../records";

export interface RawImageDeletePorts {
  temp: TempImages;
  images: Images;
  metadata: ImageMetadata;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  room: RecordRoom;
  clock: Clock;
  journal: Journal;
}

/** The uploads of a name that waited when a DELETE listed them, newest first. */
interface Waiting {
  uploads: StoredVersion[];
  /** Milliseconds since 1970, before the list was read. */
  listedAt: number;
}

/**
 * Deletes a name. One update decides everything: a new epoch, which no upload that is under way can pass, no
 * generation any more, and the uploads that wait are cancelled, by their version ids or their times. The originals are
 * deleted after that, all else by messages. Doing all of it again is harmless. Answers the record, or undefined where
 * nothing of the name is known. Throws `DeletionUnfinished` where so many uploads wait that removing them takes too long:
 * then it has decided, has removed a part, and a repeated DELETE removes more.
 */
export function rawImageDeleteProcess(ports: RawImageDeletePorts) {
  const { temp, images, metadata, clock, journal } = ports;
  return async (name: string): Promise<RawRecord | undefined> => {
    const listedAt = clock.now();
    const uploads = await temp.versions(tempKey(name));
    const before = await metadata.readRaw(name);
    if (!before && uploads.length === 0) return undefined;
    const { record, deleted } = await moveEpoch(ports, name, before, uploads);

    for (const manifest of deleted) {
      const { original } = keysOf(name, manifest);
      if (original !== undefined) await images.delete(original);
    }
    await clear(ports, name, record.superseded);
    const after = await finishDeletion(ports, await removeCancelled(ports, record, { uploads, listedAt }));
    journal.finished({ outcome: after.status === "DELETED" ? "deleted" : "deleting", name });
    return after;
  };
}

/** The one update of a DELETE. Returns the record and the manifests that it had until then. */
async function moveEpoch(
  { metadata, clock, room }: RawImageDeletePorts,
  name: string,
  before: RawRecord | undefined,
  uploads: StoredVersion[],
): Promise<{ record: RawRecord; deleted: string[] }> {
  let current = before;
  for (;;) {
    const deleted = manifestsOf(current, current?.live);
    const { updatedAt, deletedAt, expiresAt } = deletedNow(clock);
    const { cancelled, ...cancelledByTime } = cancellation(uploads, current, room);
    const waits = uploads.length > 0 || current?.cancelled !== undefined || current?.cancelledBefore !== undefined;
    const nothingStored = deleted.length === 0 && !current?.superseded && !waits;
    const { id, createdAt } = current ?? { id: sha256(`${name} ${updatedAt}`).slice(0, 32), createdAt: updatedAt };
    const result = await metadata.updateRaw(name, {
      when: [
        unchanged("epoch", current?.epoch),
        unchanged("generation", current?.generation),
        unchanged("revision", current?.revision),
      ],
      set: {
        // Never the epoch of a record of this name that expired: an upload may remember it.
        epoch: Math.max((current?.epoch ?? 0) + 1, Math.floor(clock.now() / 1000)),
        updatedAt,
        ...judgedWith(current),
        ...cancelledByTime,
        ...(nothingStored
          ? { status: "DELETED" as const, expiresAt }
          : { status: "DELETING" as const, ...listedUnder(name, { status: "DELETING" }) }),
      },
      setIfAbsent: {
        ...(nothingStored ? { deletedAt } : {}), // a repeated DELETE keeps the first one's
        id,
        createdAt,
        ...listPosition({ id, createdAt }),
      },
      remove: [
        ...(["generation", "imageId", "contentHash", "format", "bytes", "width", "height"] as const),
        ...([
          "placeholder",
          "dominantColour",
          "metadata",
          "focus",
          "expected",
          "revision",
          "renditions",
          "live",
        ] as const),
        ...(["reason", "givenUp", "rejectedReason"] as const),
        ...(nothingStored ? (["statusShard"] as const) : (["deletedAt", "expiresAt"] as const)),
      ],
      sets: { superseded: { add: deleted }, cancelled: { add: cancelled } },
    });
    if (result.applied) return { record: result.record, deleted };
    current = result.record; // an upload or another DELETE changed the record meanwhile
  }
}

/** Removes the uploads that were cancelled, by this DELETE or by one that died. Returns the record. */
async function removeCancelled(ports: RawImageDeletePorts, record: RawRecord, waiting: Waiting): Promise<RawRecord> {
  const { temp, metadata, clock } = ports;
  const { original: name, cancelled } = record;
  const key = tempKey(name);
  let current = record;
  if (cancelled) {
    await temp.delete(key, ...cancelled);
    const result = await metadata.updateRaw(name, {
      when: [{ attribute: "id", oneOf: [record.id] }], // never makes an item
      set: { updatedAt: new Date(clock.now()).toISOString() },
      sets: { cancelled: { remove: cancelled } },
    });
    current = result.record ?? record;
  }
  let older = waiting.uploads.filter((upload) => isCancelledByTime(record, upload));
  while (older.length > 0) {
    await temp.delete(key, ...older.slice(0, PART).map(({ versionId }) => versionId));
    older = older.slice(PART);
    if (older.length > 0 && clock.now() - waiting.listedAt > LONGEST_MS) {
      throw namedError("DeletionUnfinished", `${name}: ${older.length} of ${waiting.uploads.length} uploads are left`);
    }
  }
  return finishCancelling(ports, current, waiting.uploads);
}

/** After this long a DELETE begins no further part, so that it answers before API Gateway gives it up after 28 seconds. */
const LONGEST_MS = 15_000;
/** Uploads that are removed before a DELETE looks at the time again. */
const PART = 1_000;
