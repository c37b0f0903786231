import { atPorts, noUploadListed } from "./atPorts";
import type { Mutant } from "./mutant";

const sweeping = "sweepProcess";

/** Mistakes of the sweep. */
export const sweepingMutants: Mutant[] = [
  atPorts(
    sweeping,
    { name: "uploads-unswept", mistake: "uploads whose message was lost are not found" },
    (_, strike) => ({
      uploadQueue: { send: () => Promise.resolve().then(strike) },
    }),
  ),
  atPorts(
    sweeping,
    { name: "renditions-unswept", mistake: "names that are stuck in PROCESSING stay so" },
    (_, strike) => ({
      putQueue: { send: () => Promise.resolve().then(strike) },
    }),
  ),
  atPorts(
    sweeping,
    { name: "pending-unswept", mistake: "names that are stuck in PROCESSING beside a live generation stay so" },
    ({ lists }, strike) => ({
      lists: {
        names: async (status, after) => {
          const page = await lists.names(status, after);
          if (status !== "READY") return page;
          if (page.entries.length > 0) strike();
          return { ...page, entries: [] };
        },
      },
    }),
  ),
  atPorts(sweeping, { name: "leftovers-unswept", mistake: "objects that were stored late stay" }, (_, strike) => ({
    deleteQueue: { send: () => Promise.resolve().then(strike) },
  })),
  atPorts(
    sweeping,
    { name: "live-swept", mistake: "objects of the generation that is live beside a newer one count as left behind" },
    ({ metadata }, strike) => ({
      metadata: {
        readRaw: async (name) => {
          const record = await metadata.readRaw(name);
          if (!record?.live) return record;
          strike();
          return { ...record, live: undefined };
        },
      },
    }),
  ),
  atPorts(
    sweeping,
    { name: "swept-as-oldest", mistake: "an upload that the sweep found counts as older than all others" },
    ({ uploadQueue }, strike) => ({
      uploadQueue: {
        send: (...messages) => {
          strike();
          for (const { s3 } of messages.flatMap(({ Records }) => Records)) s3.object.sequencer = "0";
          return uploadQueue.send(...messages);
        },
      },
    }),
  ),
  atPorts(
    sweeping,
    { name: "swept-as-newest", mistake: "an upload that the sweep found counts as newer than any that comes after it" },
    ({ uploadQueue }, strike) => ({
      uploadQueue: {
        send: (...messages) => {
          strike();
          for (const { s3 } of messages.flatMap(({ Records }) => Records)) s3.object.sequencer = "F".repeat(32);
          return uploadQueue.send(...messages);
        },
      },
    }),
  ),
  atPorts(
    sweeping,
    { name: "waiting-original-swept", mistake: "the original of an upload that waits counts as stored late" },
    (_, strike) => noUploadListed(strike),
  ),
  atPorts(
    sweeping,
    { name: "swept-each-time", mistake: "what keeps failing is sent by each run of the sweep" },
    ({ lists }, strike) => ({
      lists: {
        readPosition: () => {
          strike();
          return Promise.resolve({});
        },
        writePosition: (position) => lists.writePosition(position),
      },
    }),
  ),
  atPorts(
    sweeping,
    { name: "swept-newest-first", mistake: "of several lost uploads of a name the newest is sent first" },
    ({ lists }, strike) => ({
      lists: {
        uploads: async (after) => {
          const page = await lists.uploads(after);
          if (page.entries.length > 1) strike();
          return { ...page, entries: [...page.entries].reverse() };
        },
      },
    }),
  ),
];
