import { atPorts, atUpdates, forgetting, without } from "../atPorts";
import { atSource } from "../atSource";
import type { Mutant } from "../mutant";
import { clearingUploads, ofGeneration, ofRejection, records, rejects, seeing, taking } from "./runs";

/** Mistakes about uploads that are judged again, later or while their name is deleted. */
export const judgingMutants: Mutant[] = [
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
    { name: "replaced-upload-forgotten", mistake: "a record does not remember the upload that a newer one replaces" },
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
