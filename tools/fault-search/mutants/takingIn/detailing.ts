import { atPorts, atUpdates, keeping } from "../atPorts";
import type { Mutant } from "../mutant";
import { ofGeneration, ofRejection, taking } from "./runs";

/** Mistakes about what a record keeps beside a generation or a rejection: details, reasons, expiries. */
export const detailingMutants: Mutant[] = [
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
];
