import type { RawUpdate } from "../../../handlers/ports";
import { adds, atPorts, atUpdates, forgetting, keeping, leaving, removes, without, type HandlerName } from "./atPorts";
import { atSource } from "./atSource";
import type { Mutant } from "./mutant";
import { PARTLY_FAILED } from "../world/actors";

const deleting = "rawImageDeleteProcess";
const clearing = "resolutionBasedImageDeleteProcess";
/** The handlers that can turn `DELETING` into `DELETED`. */
const finishing: HandlerName[] = [deleting, clearing, "rawImagePutProcess"];
/** The handlers that remove renditions. */
const removing: HandlerName[] = [clearing, "resolutionBasedImagePutProcess"];

/** The one update of a DELETE, and the one that ends it. */
const decides = ({ set }: RawUpdate): boolean => set?.epoch !== undefined;
const finishes = ({ set }: RawUpdate): boolean => set?.status === "DELETED" && set.epoch === undefined;
const epochBefore = ({ when }: RawUpdate): number =>
  (when.find(({ attribute }) => attribute === "epoch")?.oneOf?.[0] as number | undefined) ?? 0;
const ofDecision = (change: (update: RawUpdate) => RawUpdate | undefined) => (update: RawUpdate) =>
  decides(update) ? change(update) : undefined;

/** The call, whose failed entries are ignored where others succeeded. */
const ignoring =
  <Input extends unknown[]>(call: (...input: Input) => Promise<void>, strike: () => void) =>
  (...input: Input): Promise<void> =>
    call(...input).catch((error: unknown) => {
      if (!(error instanceof Error && error.name === PARTLY_FAILED)) throw error;
      strike();
    });

/** The function that clears away does not see this attribute of the record. */
const clearingWithout = (attribute: "generation" | "live", about: Omit<Mutant, "load">): Mutant =>
  atPorts(clearing, about, ({ metadata }, strike) => ({
    metadata: {
      readRaw: async (name) => {
        const record = await metadata.readRaw(name);
        if (record?.[attribute] === undefined) return record;
        strike();
        return { ...record, [attribute]: undefined };
      },
    },
  }));

/** Mistakes in deletion. */
export const deletingMutants: Mutant[] = [
  atUpdates(
    deleting,
    { name: "epoch-kept", mistake: "a DELETE does not move the epoch" },
    ofDecision((update) => ({ ...update, set: { ...update.set, epoch: epochBefore(update) } })),
  ),
  atUpdates(
    deleting,
    { name: "epoch-counted", mistake: "epochs are counted, so that a record has those of an expired one before it" },
    ofDecision((update) => ({ ...update, set: { ...update.set, epoch: epochBefore(update) + 1 } })),
  ),
  atUpdates(
    deleting,
    { name: "delete-unconditionally", mistake: "a DELETE does not care what became of the record" },
    ofDecision((update) => ({ ...update, when: [] })),
  ),
  atUpdates(
    deleting,
    {
      name: "deleted-upload-forgotten",
      mistake: "a record does not remember the upload whose generation a DELETE takes",
    },
    ofDecision(forgetting),
  ),
  atUpdates(
    deleting,
    { name: "waiting-uploads-kept", mistake: "a DELETE does not cancel the uploads that wait" },
    ofDecision((update) => leaving(update, "cancelled")),
  ),
  atPorts(
    deleting,
    { name: "uploads-before-record", mistake: "a DELETE removes waiting uploads before it moves the epoch" },
    ({ temp }, strike) => ({
      temp: {
        versions: async (key) => {
          const versions = await temp.versions(key);
          for (const { versionId } of versions) {
            strike();
            await temp.delete(key, versionId);
          }
          return versions;
        },
      },
    }),
  ),
  atPorts(
    deleting,
    { name: "unknown-though-waiting", mistake: "a name whose first upload waits counts as unknown" },
    ({ temp, metadata }, strike) => ({
      temp: {
        versions: async (key) => {
          const versions = await temp.versions(key);
          if (versions.length === 0 || (await metadata.readRaw(key.slice("images/".length)))) return versions;
          strike();
          return [];
        },
      },
    }),
  ),
  atPorts(
    deleting,
    { name: "record-before-uploads", mistake: "a DELETE reads the record before it lists the uploads" },
    ({ temp, metadata }, strike) => {
      let early: ReturnType<typeof metadata.readRaw> | undefined;
      return {
        temp: {
          versions: async (key) => {
            early = metadata.readRaw(key.slice("images/".length));
            await early;
            return temp.versions(key);
          },
        },
        metadata: {
          readRaw: (name) => {
            strike();
            return early ?? metadata.readRaw(name);
          },
        },
      };
    },
  ),
  atUpdates(
    deleting,
    { name: "deleted-at-once", mistake: "a name counts as DELETED while a generation is still to be cleared" },
    ofDecision((update) => {
      const nothingNew = adds(update, "superseded").length + adds(update, "cancelled").length === 0;
      if (!nothingNew || update.set?.status !== "DELETING") return undefined;
      return { ...update, set: { ...update.set, status: "DELETED" } };
    }),
  ),
  atPorts(
    deleting,
    { name: "delete-untold", mistake: "no message asks to clear a deleted generation away" },
    (_, strike) => ({ deleteQueue: { send: () => Promise.resolve().then(strike) } }),
  ),
  atUpdates(
    deleting,
    { name: "generation-kept", mistake: "the record keeps its generation when the name is deleted" },
    ofDecision((update) => keeping(update, "generation")),
  ),
  atUpdates(
    deleting,
    { name: "deleted-not-superseded", mistake: "the deleted generation is not remembered" },
    ofDecision((update) => leaving(update, "superseded")),
  ),
  atUpdates(
    deleting,
    { name: "live-undeleted", mistake: "a DELETE keeps the live generation beside the newest one" },
    ofDecision((update) => keeping(update, "live")),
  ),
  atUpdates(
    deleting,
    { name: "live-not-superseded", mistake: "a DELETE remembers the newest generation alone" },
    ofDecision((update) => {
      const [newest = "", live] = adds(update, "superseded");
      return live === undefined ? undefined : { ...update, sets: { ...update.sets, superseded: { add: [newest] } } };
    }),
  ),
  atUpdates(
    deleting,
    { name: "sequencer-forgotten", mistake: "a DELETE forgets the newest upload's sequencer" },
    ofDecision((update) => ({ ...update, remove: [...(update.remove ?? []), "sequencer"] })),
  ),
  atPorts(
    deleting,
    { name: "cancelled-never-removed", mistake: "a DELETE does not remove the uploads that it cancelled" },
    ({ metadata }, strike) => ({
      temp: { delete: () => Promise.resolve().then(strike) },
      metadata: {
        updateRaw: async (name, update) =>
          removes(update, "cancelled").length > 0
            ? { applied: false, record: await metadata.readRaw(name) }
            : metadata.updateRaw(name, update),
      },
    }),
  ),
  clearingWithout("generation", {
    name: "newest-cleared",
    mistake: "a message that asks to clear the newest generation away is obeyed",
  }),
  clearingWithout("live", {
    name: "live-cleared",
    mistake: "a message that asks to clear the generation away that is live beside a newer one is obeyed",
  }),
  atSource({
    name: "leftovers-unfenced",
    mistake: "a message that calls a live upload's original a leftover is obeyed",
  }),
  atPorts(
    clearing,
    { name: "original-kept", mistake: "the original of a superseded generation stays" },
    ({ images }, strike) => ({
      images: { delete: async (imageId) => (imageId.startsWith("raw/") ? strike() : images.delete(imageId)) },
    }),
  ),
  atUpdates(
    clearing,
    { name: "superseded-for-good", mistake: "a generation that is cleared away stays in superseded" },
    (update) => leaving(update, "superseded"),
  ),
  atPorts(
    clearing,
    { name: "superseded-too-early", mistake: "a generation leaves superseded before its objects go" },
    ({ images, metadata }, strike) => {
      const due: (() => Promise<void>)[] = [];
      let inTime = true;
      const later = (work: () => Promise<void>) => (inTime ? work() : Promise.resolve(void due.push(work)));
      return {
        images: { delete: (imageId) => later(() => images.delete(imageId)) },
        metadata: {
          readRaw: async (name) => {
            const record = await metadata.readRaw(name);
            inTime = record?.superseded === undefined;
            return record;
          },
          updateRaw: async (name, update) => {
            if (due.length > 0) strike();
            const result = await metadata.updateRaw(name, update);
            for (const work of due.splice(0)) await work();
            return result;
          },
        },
      };
    },
  ),
  atPorts(
    clearing,
    { name: "edge-caches-kept", mistake: "edge caches keep the renditions that are cleared away" },
    (_, strike) => ({ edgeCaches: { forget: () => Promise.resolve().then(strike) } }),
  ),
  atPorts(
    clearing,
    { name: "edge-caches-too-early", mistake: "edge caches forget renditions before these go" },
    ({ images, edgeCaches }, strike) => ({
      images: {
        delete: async (imageId) => {
          strike();
          await edgeCaches.forget([imageId]);
          await images.delete(imageId);
        },
      },
      edgeCaches: { forget: () => Promise.resolve() },
    }),
  ),
  atPorts(
    clearing,
    { name: "edge-caches-too-late", mistake: "a generation leaves superseded before edge caches forget it" },
    ({ edgeCaches, metadata }, strike) => {
      const due: string[] = [];
      return {
        edgeCaches: { forget: (imageIds) => Promise.resolve(void due.push(...imageIds)) },
        metadata: {
          updateRaw: async (name, update) => {
            if (due.length > 0) strike();
            const result = await metadata.updateRaw(name, update);
            await edgeCaches.forget(due.splice(0));
            return result;
          },
        },
      };
    },
  ),
  atPorts(clearing, { name: "never-finished", mistake: "DELETING never becomes DELETED" }, ({ metadata }, strike) => ({
    metadata: {
      updateRaw: async (name, update) => {
        if (!finishes(update)) return metadata.updateRaw(name, update);
        strike();
        return { applied: false, record: await metadata.readRaw(name) };
      },
    },
  })),
  atPorts(
    clearing,
    { name: "finished-with-leftovers", mistake: "DELETED is recorded though generations are left" },
    ({ metadata }, strike) => ({
      metadata: {
        updateRaw: async (name, update) => {
          const changed = finishes(update) ? without(update, "superseded") : undefined;
          if (changed) strike();
          const result = await metadata.updateRaw(name, changed ?? update);
          return result.applied ? { applied: true, record: { ...result.record, superseded: undefined } } : result;
        },
      },
    }),
  ),
  atUpdates(finishing, { name: "finished-any-status", mistake: "DELETED is recorded over a new upload" }, (update) =>
    finishes(update) ? without(update, "status") : undefined,
  ),
  atPorts(
    removing,
    { name: "renditions-kept", mistake: "the renditions of a superseded generation stay" },
    ({ images }, strike) => ({
      images: { delete: async (imageId) => (imageId.startsWith("raw/") ? images.delete(imageId) : strike()) },
    }),
  ),
  atPorts(
    deleting,
    { name: "cancelled-without-bound", mistake: "a DELETE names all uploads that wait, however many" },
    ({ room }, strike) => {
      strike();
      return { room: { ...room, cancelled: Infinity } };
    },
  ),
  atPorts(
    [deleting, "rawImagePutProcess"],
    {
      name: "waiting-unlisted",
      mistake: "a name counts as DELETED while uploads wait that were cancelled by their time",
    },
    ({ temp }, strike) => ({
      temp: {
        versions: async (key, most) => {
          if (most === undefined) return temp.versions(key);
          strike();
          return [];
        },
      },
    }),
  ),
  atPorts(
    [deleting, "rawImagePutProcess"],
    { name: "failed-messages-ignored", mistake: "the messages of a batch that SQS did not take are ignored" },
    ({ deleteQueue }, strike) => ({
      deleteQueue: { send: ignoring((...messages) => deleteQueue.send(...messages), strike) },
    }),
  ),
  atPorts(
    deleting,
    { name: "undeleted-uploads-ignored", mistake: "the uploads of a batch that S3 did not delete are ignored" },
    ({ temp }, strike) => ({ temp: { delete: ignoring((...uploads) => temp.delete(...uploads), strike) } }),
  ),
  atUpdates(
    deleting,
    { name: "metadata-undeleted", mistake: "a DELETE keeps the metadata that the image had" },
    ofDecision((update) => keeping(update, "metadata")),
  ),
  atUpdates(
    deleting,
    { name: "rejection-undeleted", mistake: "a DELETE keeps the rejection that the name has" },
    ofDecision((update) => keeping(update, "rejectedReason")),
  ),
  atUpdates(
    deleting,
    { name: "reason-undeleted", mistake: "a DELETE keeps the reason for which the image failed" },
    ofDecision((update) => keeping(update, "reason")),
  ),
  atUpdates(finishing, { name: "deleted-for-ever", mistake: "DELETED has no time to live" }, (update) =>
    finishes(update) ? { ...update, set: { ...update.set, expiresAt: undefined } } : undefined,
  ),
  atUpdates(
    deleting,
    { name: "nothing-deleted-for-ever", mistake: "a DELETE that finds nothing to clear away sets no time to live" },
    ofDecision((update) =>
      update.set?.status === "DELETED" ? { ...update, set: { ...update.set, expiresAt: undefined } } : undefined,
    ),
  ),
  atUpdates(finishing, { name: "deleted-too-shortly", mistake: "DELETED expires after a week" }, (update) =>
    finishes(update) && update.set?.expiresAt !== undefined
      ? { ...update, set: { ...update.set, expiresAt: update.set.expiresAt - 23 * 24 * 60 * 60 } }
      : undefined,
  ),
  atUpdates(
    deleting,
    { name: "deleting-keeps-expiry", mistake: "a DELETE after a DELETE keeps the time to live, though work is left" },
    ofDecision((update) => keeping(update, "expiresAt")),
  ),
];
