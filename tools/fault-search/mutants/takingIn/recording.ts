import { manifestsOf } from "../../../../handlers/protocol/generation";
import { atPorts, atUpdates, leaving, without } from "../atPorts";
import type { Mutant } from "../mutant";
import { ofGeneration, records, rejects, seeing, taking } from "./runs";

/** Mistakes in recording a generation. */
export const recordingMutants: Mutant[] = [
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
];
