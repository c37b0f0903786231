import type { DeleteResolutionBasedImageMessage, RawRecord } from "../../../handlers/records";
import type { RawUpdate } from "../../../handlers/ports";
import { adds, atPorts, atUpdates, leaving, without, type HandlerName, type Ports } from "./atPorts";
import { atSource } from "./atSource";
import type { Mutant } from "./mutant";

const rendering = "resolutionBasedImagePutProcess";

/** The first update of a backfill, and the one that tells of what it made. */
const begins = ({ set }: RawUpdate): boolean => set?.revision !== undefined && set.expected !== undefined;
const concludes = ({ set }: RawUpdate): boolean => set?.revision !== undefined && set.renditions !== undefined;

/** Whether a message names some renditions of a generation alone. */
const isOfParts = (message: DeleteResolutionBasedImageMessage): boolean =>
  "manifest" in message && /^[0-9a-f]{48}( |$)/.test(message.manifest);

/** No message about some renditions is sent while `when` holds. */
function unsent(
  handler: HandlerName,
  about: Omit<Mutant, "load">,
  when: (seen: { refused?: RawUpdate; last?: RawUpdate }) => boolean = () => true,
): Mutant {
  return atPorts(handler, about, ({ deleteQueue, metadata }: Ports, strike) => {
    const seen: { refused?: RawUpdate; last?: RawUpdate } = {};
    return {
      metadata: {
        updateRaw: async (name, update) => {
          const result = await metadata.updateRaw(name, update);
          seen.last = update;
          if (!result.applied) seen.refused = update;
          return result;
        },
      },
      deleteQueue: {
        send: async (...messages) => {
          const sent = messages.filter((message) => !(isOfParts(message) && when(seen)));
          if (sent.length < messages.length) strike();
          await deleteQueue.send(...sent);
        },
      },
    };
  });
}

/** Mistakes of a backfill, and of those that meet one. */
export const backfillingMutants: Mutant[] = [
  atUpdates(
    rendering,
    { name: "backfill-begun-whatever-revision", mistake: "a backfill begins though another one did" },
    (update) => (begins(update) ? without(update, "revision") : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-begun-of-any-generation", mistake: "a backfill begins though a newer upload was taken in" },
    (update) =>
      begins(update) ? { ...update, when: update.when.filter(({ attribute }) => attribute === "revision") } : undefined,
  ),
  atUpdates(
    rendering,
    { name: "backfill-unbegun", mistake: "renditions are stored before the record refers to them" },
    (update) => (begins(update) ? { ...update, set: { revision: update.set?.revision } } : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-abandoned-forgotten", mistake: "a backfill that another one replaces is not cleared away" },
    (update) => (begins(update) ? leaving(update, "superseded") : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-revision-again", mistake: "a revision is used again after its backfill" },
    (update) =>
      concludes(update) ? { ...update, set: { ...update.set, revision: (update.set?.revision ?? 0) - 2 } } : undefined,
  ),
  atUpdates(
    rendering,
    { name: "backfill-concluded-whatever-revision", mistake: "a backfill is concluded though another one began" },
    (update) => (concludes(update) ? without(update, "revision") : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-concluded-of-any-generation", mistake: "a backfill is concluded though a newer upload is there" },
    (update) => (concludes(update) ? { ...update, when: [] } : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-replaced-forgotten", mistake: "the renditions that a backfill replaced are not remembered" },
    (update) => (concludes(update) ? leaving(update, "superseded") : undefined),
  ),
  atUpdates(
    rendering,
    { name: "backfill-unfinished", mistake: "a backfill that is done still counts as under way" },
    (update) => (concludes(update) ? { ...update, remove: [] } : undefined),
  ),
  atUpdates(rendering, { name: "recipe-unrecorded", mistake: "the recipe of a rendition is not recorded" }, (update) =>
    update.set?.renditions
      ? {
          ...update,
          set: {
            ...update.set,
            renditions: update.set.renditions.map((rendition) => ({ ...rendition, recipe: undefined })),
          },
        }
      : undefined,
  ),
  unsent(
    rendering,
    { name: "backfill-replaced-untold", mistake: "no message asks to clear away what a backfill replaced" },
    ({ last }) => last !== undefined && concludes(last),
  ),
  unsent(
    rendering,
    { name: "backfill-leftovers-kept", mistake: "what a backfill made that another one or an upload overtook stays" },
    ({ refused }) => refused !== undefined && concludes(refused),
  ),
  atSource({
    name: "backfill-begun-twice-untold",
    mistake: "no message asks for what a backfill abandoned whose first update the SDK repeated",
  }),
  atSource({
    name: "backfill-concluded-twice-untold",
    mistake: "no message asks for what a backfill replaced whose last update the SDK repeated",
  }),
  atUpdates(
    "rawImagePutProcess",
    { name: "upload-over-backfill", mistake: "an upload is recorded over a backfill that it has not read" },
    (update) => (update.set?.generation === undefined ? undefined : without(update, "revision")),
  ),
  atUpdates(
    "rawImagePutProcess",
    { name: "upload-forgets-backfill", mistake: "an upload forgets what a backfill under way has stored" },
    (update) => {
      const kept = adds(update, "superseded").filter((manifest) => !/^[0-9a-f]{48}( |$)/.test(manifest));
      if (kept.length === adds(update, "superseded").length) return undefined;
      return { ...update, sets: { ...update.sets, superseded: { add: kept } } };
    },
  ),
  atUpdates(
    "rawImageDeleteProcess",
    { name: "delete-over-backfill", mistake: "a DELETE decides over a backfill that it has not read" },
    (update) => (update.set?.epoch === undefined ? undefined : without(update, "revision")),
  ),
  atPorts(
    "resolutionBasedImageDeleteProcess",
    { name: "backfilled-cleared", mistake: "a message about renditions that a backfill made is obeyed" },
    ({ metadata }, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await metadata.readRaw(name);
          if (!record?.renditions?.some(({ revision }) => revision !== undefined)) return record;
          strike();
          const bare: RawRecord = { ...record, renditions: [] };
          delete bare.expected;
          return bare;
        },
      },
    }),
  ),
  unsent("sweepProcess", {
    name: "replaced-unswept",
    mistake: "a rendition that was stored again late after a backfill had replaced it stays",
  }),
];
