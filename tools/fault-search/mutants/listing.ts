import { atUpdates, keeping, type HandlerName } from "./atPorts";
import type { Mutant } from "./mutant";

const writers: HandlerName[] = [
  "rawImagePutProcess",
  "resolutionBasedImagePutProcess",
  "rawImageDeleteProcess",
  "resolutionBasedImageDeleteProcess",
];

/** Mistakes in the lists in which a record stands. */
export const listingMutants: Mutant[] = [
  atUpdates(writers, { name: "status-unlisted", mistake: "a status changes, and the list does not" }, (update) =>
    update.set?.statusShard === undefined ? undefined : { ...update, set: { ...update.set, statusShard: undefined } },
  ),
  atUpdates(
    writers,
    { name: "pending-listed", mistake: "an image that is served is listed under the status of a newer upload" },
    (update) =>
      update.set?.live && update.set.status !== undefined
        ? { ...update, set: { ...update.set, statusShard: `${update.set.status}#0` } }
        : undefined,
  ),
  atUpdates(writers, { name: "deleted-listed", mistake: "a DELETED name stays in its list" }, (update) =>
    keeping(update, "statusShard"),
  ),
  atUpdates(
    writers,
    { name: "place-moves", mistake: "a name moves in its list when it is uploaded again" },
    (update) => {
      const { listPosition, ...setIfAbsent } = update.setIfAbsent ?? {};
      if (listPosition === undefined || update.set?.updatedAt === undefined) return undefined;
      return { ...update, set: { ...update.set, listPosition: `${update.set.updatedAt} 0` }, setIfAbsent };
    },
  ),
];
