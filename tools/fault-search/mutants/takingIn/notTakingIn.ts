import { atPorts, noUploadListed } from "../atPorts";
import { atSource } from "../atSource";
import type { Mutant } from "../mutant";
import { keptWhere, records, seeing, taking, watchUpload } from "./runs";

/** Mistakes about uploads that are cancelled, overtaken or missing, and what dead runs left of them. */
export const notTakingInMutants: Mutant[] = [
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
    (ports, strike) => keptWhere(ports, strike, (isGone) => !isGone),
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
    (ports, strike) => keptWhere(ports, strike, (isGone) => isGone),
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
];
