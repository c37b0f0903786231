import type { RawRecord, StoredRendition } from "../../../handlers/records";
import { atPorts, noUploadListed } from "./atPorts";
import type { Mutant } from "./mutant";

const telling = "rawImageGetProcess";

/** `GET` sees the record as `view` changes it; undefined where it leaves that alone. */
function seeing(
  about: Omit<Mutant, "load">,
  view: (record: RawRecord) => { seen: RawRecord | undefined } | undefined,
): Mutant {
  return atPorts(telling, about, ({ metadata }, strike) => ({
    metadata: {
      readRaw: async (name) => {
        const record = await metadata.readRaw(name);
        const changed = record && view(record);
        if (!changed) return record;
        strike();
        return changed.seen;
      },
    },
  }));
}

/** The renditions as if each had an object of its own; undefined where each has. */
export const withoutSharing = (renditions: StoredRendition[] = []): StoredRendition[] | undefined =>
  renditions.some(({ storedAs }) => storedAs !== undefined)
    ? renditions.map((rendition) => ({ ...rendition, storedAs: undefined }))
    : undefined;

/** Mistakes in what `GET` tells. */
export const tellingMutants: Mutant[] = [
  atPorts(telling, { name: "uploaded-unknown", mistake: "GET does not know a name whose upload waits" }, (_, strike) =>
    noUploadListed(strike),
  ),
  seeing(
    { name: "outdated-rejection-told", mistake: "GET tells a rejection after a later upload was accepted" },
    (record) => (record.rejectedReason === undefined ? undefined : { seen: { ...record, sequencer: "" } }),
  ),
  seeing({ name: "rejection-untold", mistake: "GET does not tell a rejection over a good image" }, (record) =>
    record.status === "READY" && record.rejectedReason !== undefined
      ? { seen: { ...record, rejectedReason: undefined } }
      : undefined,
  ),
  seeing({ name: "deleted-unknown", mistake: "GET does not know a DELETED name" }, (record) =>
    record.status === "DELETED" ? { seen: undefined } : undefined,
  ),
  seeing({ name: "live-hidden", mistake: "GET tells of the newest generation though another is live" }, (record) =>
    record.live ? { seen: { ...record, live: undefined } } : undefined,
  ),
  seeing({ name: "pending-hidden", mistake: "GET does not tell of the generation that is pending" }, (record) =>
    record.live
      ? { seen: { ...record, ...record.live, live: undefined, status: "READY", reason: undefined } }
      : undefined,
  ),
  seeing({ name: "pending-reason-hidden", mistake: "GET does not tell why the pending generation failed" }, (record) =>
    record.live && record.reason !== undefined ? { seen: { ...record, reason: undefined } } : undefined,
  ),
  seeing(
    { name: "pending-renditions-told", mistake: "GET tells of the renditions that the pending generation is to get" },
    (record) =>
      record.live && record.expected
        ? {
            seen: {
              ...record,
              live: {
                ...record.live,
                renditions: record.expected.map((spec) => ({ ...spec, format: "jpeg" as const, bytes: 0 })).reverse(),
              },
            },
          }
        : undefined,
  ),
  seeing(
    {
      name: "pending-metadata-told",
      mistake: "GET tells the metadata of the pending generation as that of the live one",
    },
    (record) =>
      record.live ? { seen: { ...record, live: { ...record.live, metadata: record.metadata } } } : undefined,
  ),
  seeing(
    { name: "shared-told-as-own", mistake: "GET tells a rendition that shares an object under a key of its own" },
    (record) => {
      const renditions = withoutSharing(record.renditions);
      return renditions && { seen: { ...record, renditions } };
    },
  ),
  seeing({ name: "renditions-hidden", mistake: "GET tells of no renditions" }, (record) =>
    record.renditions ? { seen: { ...record, renditions: undefined } } : undefined,
  ),
];
