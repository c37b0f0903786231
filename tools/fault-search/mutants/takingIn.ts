import type { RawUpdate } from "../../../handlers/ports";
import { manifestsOf } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import { atPorts, atUpdates, keeping, leaving, noUploadListed, without, type Ports } from "./atPorts";
import { atSource } from "./atSource";
import type { Mutant } from "./mutant";

const taking = "rawImagePutProcess";

/** The updates that record a generation, and those that record a rejection. */
const records = ({ set }: RawUpdate): boolean => set?.generation !== undefined;
const rejects = ({ set }: RawUpdate): boolean => set?.rejectedReason !== undefined;
const ofGeneration = (change: (update: RawUpdate) => RawUpdate | undefined) => (update: RawUpdate) =>
  records(update) ? change(update) : undefined;
const ofRejection = (change: (update: RawUpdate) => RawUpdate | undefined) => (update: RawUpdate) =>
  rejects(update) ? change(update) : undefined;

/** The update without the upload that it judges. */
function forgetting(update: RawUpdate): RawUpdate | undefined {
  const { judged } = update.set ?? {};
  return judged && { ...update, set: { ...update.set, judged: judged.slice(0, -1) } };
}

/** Notes which upload a run works on, and whether it is gone. */
function watchUpload({ temp }: Ports) {
  const seen = { key: "", versionId: "", gone: false };
  const read: Ports["temp"]["read"] = async (key, versionId) => {
    const upload = await temp.read(key, versionId);
    Object.assign(seen, { key, versionId, gone: upload === undefined });
    return upload;
  };
  const remove: Ports["temp"]["delete"] = async (key, versionId) => {
    await temp.delete(key, versionId);
    seen.gone = true;
  };
  return { seen, read, remove };
}

/** Messages that ask to clear away what was stored of an upload: where `instead` gives something to do, it is done. */
function clearingUploads({ deleteQueue }: Ports, instead: () => (() => void) | undefined): Ports["deleteQueue"] {
  return {
    send: async (...messages) => {
      for (const message of messages) {
        const other = "upload" in message ? instead() : undefined;
        if (other) other();
        else await deleteQueue.send(message);
      }
    },
  };
}

/** Every reading and refused update shows the record as `view` changes it. */
function seeing({ metadata }: Ports, view: (record: RawRecord) => RawRecord): Partial<Ports["metadata"]> {
  return {
    readRaw: async (name) => {
      const record = await metadata.readRaw(name);
      return record && view(record);
    },
    updateRaw: async (name, update) => {
      const result = await metadata.updateRaw(name, update);
      return result.applied || !result.record ? result : { applied: false, record: view(result.record) };
    },
  };
}

/** Mistakes on the way from an upload to its record. */
export const takingInMutants: Mutant[] = [
  atPorts(
    taking,
    {
      name: "upload-first",
      mistake: "the upload is removed before the next functions are told",
      equivalent: "a redelivery tells the next functions whatever the record shows, whether or not the upload is there",
    },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        putQueue: {
          send: async (...messages) => {
            strike();
            await ports.temp.delete(seen.key, seen.versionId);
            await ports.putQueue.send(...messages);
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "upload-before-record", mistake: "the upload is removed before its generation is recorded" },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        images: {
          copy: async (...original) => {
            strike();
            const isStored = await ports.images.copy(...original);
            await ports.temp.delete(seen.key, seen.versionId);
            return isStored;
          },
        },
      };
    },
  ),
  atPorts(taking, { name: "upload-kept", mistake: "the upload is never removed" }, (ports, strike) => {
    let recorded = false;
    return {
      metadata: {
        updateRaw: async (name, update) => {
          const result = await ports.metadata.updateRaw(name, update);
          recorded ||= records(update) && result.applied;
          return result;
        },
      },
      temp: {
        delete: async (key, versionId) => {
          if (!recorded) await ports.temp.delete(key, versionId);
          else strike();
        },
      },
    };
  }),
  atPorts(
    taking,
    { name: "record-before-original", mistake: "the generation is recorded before its original is stored" },
    ({ images, metadata }, strike) => {
      let original: Parameters<typeof images.copy> | undefined;
      return {
        images: {
          copy: (...given) => {
            original = given;
            return Promise.resolve(true);
          },
        },
        metadata: {
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            if (records(update) && result.applied && original) {
              strike();
              await images.copy(...original);
            }
            return result;
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "newest-copied", mistake: "the original is a copy of the name's newest upload" },
    ({ images, temp }, strike) => ({
      images: {
        copy: async (source, ...to) => {
          const [key = ""] = JSON.parse(source) as string[];
          const [newest] = await temp.versions(key, 1);
          const other = newest ? JSON.stringify([key, newest.versionId]) : source;
          if (other !== source) strike();
          return images.copy(other, ...to);
        },
      },
    }),
  ),
  atPorts(
    taking,
    {
      name: "gone-is-copied",
      mistake: "an upload that went before it was copied counts as stored",
      equivalent: "whatever removes an upload moved the record on before, so that no generation is recorded",
    },
    ({ images }, strike) => ({
      images: {
        copy: async (...original) => {
          if (!(await images.copy(...original))) strike();
          return true;
        },
      },
    }),
  ),
  atUpdates(
    taking,
    { name: "record-any-epoch", mistake: "a generation is recorded whatever the epoch" },
    ofGeneration((update) => without(update, "epoch")),
  ),
  atPorts(
    taking,
    { name: "epoch-read-late", mistake: "the epoch is read after the upload" },
    ({ temp, metadata }, strike) => {
      let epoch: number | undefined;
      return {
        temp: {
          read: async (key, versionId) => {
            const upload = await temp.read(key, versionId);
            if (upload) epoch = (await metadata.readRaw(key.slice("images/".length)))?.epoch ?? 0;
            return upload;
          },
        },
        metadata: {
          updateRaw: (name, update) => {
            if (epoch === undefined || (!records(update) && !rejects(update))) return metadata.updateRaw(name, update);
            strike();
            return metadata.updateRaw(name, {
              ...update,
              when: [
                ...update.when.filter(({ attribute }) => attribute !== "epoch"),
                { attribute: "epoch", absent: true, oneOf: [epoch] },
              ],
              setIfAbsent: { ...update.setIfAbsent, epoch },
            });
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "record-any-sequencer", mistake: "an older upload is recorded over a newer one" },
    (ports, strike) => {
      const forgetful = seeing(ports, (record) => ({ ...record, sequencer: undefined }));
      return {
        metadata: {
          ...forgetful,
          updateRaw: (name, update) => {
            const changed = records(update) ? without(update, "sequencer") : undefined;
            if (changed) strike();
            return forgetful.updateRaw?.(name, changed ?? update) ?? ports.metadata.updateRaw(name, update);
          },
        },
      };
    },
  ),
  atUpdates(
    taking,
    { name: "record-over-any-generation", mistake: "the generation that is replaced may be another one" },
    ofGeneration((update) => without(update, "generation")),
  ),
  atPorts(
    taking,
    {
      name: "record-repeated",
      mistake: "a repeat of the live generation counts as overtaken",
    },
    (ports, strike) => ({
      metadata: seeing(ports, (record) => {
        if (record.generation === undefined) return record;
        strike();
        return { ...record, generation: "0".repeat(48) };
      }),
    }),
  ),
  atUpdates(
    taking,
    { name: "record-unconditionally", mistake: "a generation is recorded whatever the record says" },
    ofGeneration((update) => ({ ...update, when: [] })),
  ),
  atUpdates(
    taking,
    { name: "superseded-forgotten", mistake: "the generation that is replaced is not remembered" },
    ofGeneration((update) => leaving(update, "superseded")),
  ),
  atUpdates(
    taking,
    { name: "live-superseded-early", mistake: "an accepted upload supersedes the live generation at once" },
    ofGeneration((update) => {
      const { live, ...set } = update.set ?? {};
      if (!live) return undefined;
      return { ...update, set, sets: { superseded: { add: manifestsOf(live) } } };
    }),
  ),
  atUpdates(
    taking,
    { name: "live-forgotten", mistake: "an accepted upload forgets the live generation" },
    ofGeneration((update) => (update.set?.live ? { ...update, set: { ...update.set, live: undefined } } : undefined)),
  ),
  atUpdates(
    taking,
    { name: "superseded-though-live", mistake: "a generation that becomes live meanwhile is superseded" },
    ofGeneration((update) => without(update, "status")),
  ),
  atPorts(
    taking,
    { name: "pending-made-live", mistake: "a generation that is not READY becomes live when the next one is accepted" },
    (ports, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await ports.metadata.readRaw(name);
          if (record?.status !== "PROCESSING" && record?.status !== "FAILED") return record;
          strike();
          return { ...record, status: "READY" };
        },
        updateRaw: (name, update) => {
          const changed = records(update) ? without(update, "status") : undefined;
          return ports.metadata.updateRaw(name, changed ?? update);
        },
      },
    }),
  ),
  atPorts(
    taking,
    {
      name: "superseded-without-bound",
      mistake: "an upload is recorded however many generations are to be cleared away",
    },
    ({ room }, strike) => {
      strike();
      return { room: { ...room, superseded: Infinity } };
    },
  ),
  atPorts(
    taking,
    { name: "cancelled-by-time-taken-in", mistake: "an upload is taken in although a DELETE cancelled it by its time" },
    (ports, strike) => ({
      metadata: seeing(ports, (record) => {
        if (record.cancelledBefore !== undefined) strike();
        return { ...record, cancelledBefore: undefined };
      }),
    }),
  ),
  atPorts(
    taking,
    { name: "superseded-untold", mistake: "no message asks to clear a superseded generation away" },
    (_, strike) => ({ deleteQueue: { send: () => Promise.resolve().then(strike) } }),
  ),
  atPorts(
    taking,
    { name: "repeat-untold", mistake: "a redelivery trusts that the messages were sent" },
    ({ metadata, putQueue, deleteQueue }, strike) => {
      let recorded = false;
      return {
        metadata: {
          updateRaw: async (name, update) => {
            const result = await metadata.updateRaw(name, update);
            recorded ||= records(update) && result.applied;
            return result;
          },
        },
        putQueue: { send: async (...messages) => (recorded ? putQueue.send(...messages) : strike()) },
        deleteQueue: { send: async (...messages) => (recorded ? deleteQueue.send(...messages) : strike()) },
      };
    },
  ),
  atPorts(
    taking,
    { name: "overtaken-original-kept", mistake: "the original of an overtaken upload stays" },
    (ports, strike) => {
      const { seen, read, remove } = watchUpload(ports);
      return {
        temp: { read, delete: remove },
        deleteQueue: clearingUploads(ports, () => (seen.gone ? undefined : strike)),
      };
    },
  ),
  atPorts(
    taking,
    { name: "overtaken-upload-kept", mistake: "an overtaken upload stays in the temp bucket" },
    ({ temp, images }, strike) => {
      let listed = false;
      return {
        images: {
          list: (prefix) => {
            listed = true;
            return images.list(prefix);
          },
        },
        temp: { delete: async (key, versionId) => (listed ? strike() : temp.delete(key, versionId)) },
      };
    },
  ),
  atPorts(
    taking,
    { name: "leftovers-kept", mistake: "the originals that a dead run stored of a cancelled upload stay" },
    (ports, strike) => {
      const { seen, read, remove } = watchUpload(ports);
      return {
        temp: { read, delete: remove },
        deleteQueue: clearingUploads(ports, () => (seen.gone ? strike : undefined)),
      };
    },
  ),
  atPorts(
    taking,
    {
      name: "leftovers-unchecked",
      mistake: "leftovers are cleared away though the record has taken them in",
      equivalent: "ResolutionBasedImageDeleteProcess reads the record before it clears anything away",
    },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        metadata: {
          readRaw: async (name) => {
            const record = await ports.metadata.readRaw(name);
            if (!seen.gone || !record) return record;
            strike();
            return { ...record, status: "DELETED", generation: undefined, sequencer: undefined };
          },
        },
      };
    },
  ),
  atSource({ name: "missing-is-finished", mistake: "an upload that S3 does not find counts as finished" }),
  atPorts(
    taking,
    { name: "missing-unlisted", mistake: "a missing upload counts as removed by a DELETE that did not see it" },
    (_, strike) => noUploadListed(strike),
  ),
  atPorts(
    taking,
    { name: "missing-any-delete", mistake: "a missing upload counts as removed by a DELETE that came before it" },
    (ports, strike) => {
      const { seen, read } = watchUpload(ports);
      return {
        temp: { read },
        metadata: {
          readRaw: async (name) => {
            const record = await ports.metadata.readRaw(name);
            if (!seen.gone || record?.status !== "DELETED") return record;
            strike();
            return { ...record, epoch: 2 ** 40 };
          },
        },
      };
    },
  ),
  atPorts(
    taking,
    { name: "cancelled-taken-in", mistake: "an upload is taken in although a DELETE cancelled it" },
    ({ metadata }, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await metadata.readRaw(name);
          if (!record?.cancelled) return record;
          strike();
          return { ...record, cancelled: undefined };
        },
      },
    }),
  ),
  atPorts(
    taking,
    {
      name: "no-starting-over",
      mistake: "an upload whose name was deleted meanwhile waits for a redelivery",
    },
    ({ metadata }, strike) => ({
      metadata: {
        updateRaw: async (name, update) => {
          const result = await metadata.updateRaw(name, update);
          const expected = update.setIfAbsent?.epoch;
          if (result.applied || expected === undefined || (result.record?.epoch ?? expected) === expected)
            return result;
          strike();
          throw new Error(`${name}: deleted meanwhile`);
        },
      },
    }),
  ),
  atUpdates(
    taking,
    { name: "rejection-hides-image", mistake: "a rejected upload takes the good image's status" },
    ofRejection((update) => ({ ...update, set: { ...update.set, status: "REJECTED" } })),
  ),
  atUpdates(
    taking,
    { name: "rejection-any-epoch", mistake: "a rejection is recorded whatever the epoch" },
    ofRejection((update) => without(update, "epoch")),
  ),
  atPorts(
    taking,
    { name: "rejection-any-order", mistake: "an older rejection replaces a newer one" },
    (ports, strike) => {
      const forgetful = seeing(ports, (record) => ({ ...record, rejectedSequencer: undefined }));
      return {
        metadata: {
          ...forgetful,
          updateRaw: (name, update) => {
            const changed = rejects(update) ? without(update, "rejectedSequencer") : undefined;
            if (changed) strike();
            return forgetful.updateRaw?.(name, changed ?? update) ?? ports.metadata.updateRaw(name, update);
          },
        },
      };
    },
  ),
  atPorts(taking, { name: "rejection-retried", mistake: "a bad image fails its message" }, ({ metadata }, strike) => ({
    metadata: {
      updateRaw: (name, update) => {
        if (!rejects(update)) return metadata.updateRaw(name, update);
        strike();
        throw new Error("bad image");
      },
    },
  })),
  atPorts(
    taking,
    { name: "rejected-upload-kept", mistake: "a rejected upload stays in the temp bucket" },
    ({ temp, metadata }, strike) => {
      let rejected = false;
      return {
        metadata: {
          updateRaw: (name, update) => {
            rejected ||= rejects(update);
            return metadata.updateRaw(name, update);
          },
        },
        temp: { delete: async (key, versionId) => (rejected ? strike() : temp.delete(key, versionId)) },
      };
    },
  ),
  atUpdates(
    taking,
    { name: "reason-kept", mistake: "a new generation keeps the reason for which the one before failed" },
    ofGeneration((update) => keeping(update, "reason")),
  ),
  atUpdates(
    taking,
    { name: "metadata-kept", mistake: "an upload without metadata gets that of the one before" },
    ofGeneration((update) => keeping(update, "metadata")),
  ),
  atUpdates(
    taking,
    { name: "placeholder-kept", mistake: "a new generation keeps the placeholder of the one before" },
    (update) => keeping(update, "placeholder"),
  ),
  atUpdates(
    taking,
    { name: "focus-kept", mistake: "an upload without a focus gets that of the one before" },
    ofGeneration((update) => keeping(update, "focus")),
  ),
  atUpdates(
    taking,
    { name: "live-metadata-lost", mistake: "the live generation loses its metadata when the next one is accepted" },
    ofGeneration((update) =>
      update.set?.live?.metadata === undefined
        ? undefined
        : { ...update, set: { ...update.set, live: { ...update.set.live, metadata: undefined } } },
    ),
  ),
  atPorts(
    taking,
    { name: "user-metadata-unread", mistake: "an upload's user metadata is not read" },
    ({ temp }, strike) => ({
      temp: {
        read: async (...upload) => {
          const read = await temp.read(...upload);
          if (read) strike();
          return read && { ...read, userMetadata: {} };
        },
      },
    }),
  ),
  atUpdates(
    taking,
    { name: "accepted-keeps-expiry", mistake: "an upload after a DELETE keeps the deleted record's time to live" },
    ofGeneration((update) => keeping(update, "expiresAt")),
  ),
  atUpdates(
    taking,
    { name: "rejected-keeps-expiry", mistake: "a rejected record keeps the time to live of the deleted one before" },
    ofRejection(({ set, setIfAbsent, ...update }) =>
      set?.expiresAt === undefined
        ? undefined
        : {
            ...update,
            set: { ...set, expiresAt: undefined },
            setIfAbsent: { ...setIfAbsent, expiresAt: set.expiresAt },
          },
    ),
  ),
  atUpdates(
    taking,
    { name: "rejected-for-good", mistake: "rejected records never expire" },
    ofRejection((update) =>
      update.set?.expiresAt === undefined ? undefined : { ...update, set: { ...update.set, expiresAt: undefined } },
    ),
  ),
  atPorts(
    taking,
    { name: "rejected-original-kept", mistake: "what a dead run stored of an upload that is rejected now stays" },
    (ports, strike) => {
      let rejected = false;
      return {
        metadata: {
          updateRaw: (name, update) => {
            rejected ||= rejects(update);
            return ports.metadata.updateRaw(name, update);
          },
        },
        deleteQueue: clearingUploads(ports, () => (rejected ? strike : undefined)),
      };
    },
  ),
  atPorts(
    taking,
    { name: "judged-again", mistake: "an upload that was rejected is accepted under looser limits" },
    (ports, strike) => ({
      metadata: {
        ...seeing(ports, (record) => ({ ...record, rejectedSequencer: undefined, judged: undefined })),
        updateRaw: (name, update) => {
          const changed = records(update) ? without(update, "rejectedSequencer") : undefined;
          if (changed) strike();
          return ports.metadata.updateRaw(name, changed ?? update);
        },
      },
    }),
  ),
  atUpdates(
    taking,
    { name: "taken-in-forgotten", mistake: "a record does not remember which uploads it took in" },
    ofGeneration(forgetting),
  ),
  atUpdates(
    taking,
    { name: "rejected-forgotten", mistake: "a record does not remember which uploads it rejected" },
    ofRejection(forgetting),
  ),
  atSource({
    name: "time-of-event-recorded",
    mistake: "an upload is recorded with the time that its event tells, not with that which S3 lists",
  }),
  atPorts(
    taking,
    { name: "cancelled-after-dead-delete", mistake: "every upload is cancelled while a name is DELETING" },
    ({ metadata }, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await metadata.readRaw(name);
          if (record?.status !== "DELETING") return record;
          strike();
          return { ...record, cancelled: Object.assign([], { includes: () => true }) };
        },
      },
    }),
  ),
];
