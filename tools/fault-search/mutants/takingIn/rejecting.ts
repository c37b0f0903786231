import { atPorts, atUpdates, without } from "../atPorts";
import type { Mutant } from "../mutant";
import { ofRejection, rejects, seeing, taking } from "./runs";

/** Mistakes in recording a rejection. */
export const rejectingMutants: Mutant[] = [
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
];
