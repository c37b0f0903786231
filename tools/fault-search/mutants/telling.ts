import type { RawRecord } from "../../../handlers/records";
import { atPorts, type Ports } from "./atPorts";
import type { Mutant } from "./mutant";

const telling = "rawImageGetProcess";
type All = Awaited<ReturnType<Ports["metadata"]["readAll"]>>;

/** `GET` sees what is stored as `view` changes it; undefined where it leaves that alone. */
function seeing(
  about: Omit<Mutant, "load">,
  view: (all: All & { raw: RawRecord }) => Partial<All> | undefined,
): Mutant {
  return atPorts(telling, about, ({ metadata }, strike) => ({
    metadata: {
      readAll: async (name) => {
        const { raw, renditions } = await metadata.readAll(name);
        const changed = raw && view({ raw, renditions });
        if (changed) strike();
        return { raw, renditions, ...changed };
      },
    },
  }));
}

/** Mistakes in what `GET` tells. */
export const tellingMutants: Mutant[] = [
  atPorts(
    telling,
    { name: "uploaded-unknown", mistake: "GET does not know a name whose upload waits" },
    (_, strike) => ({
      temp: {
        versions: () => {
          strike();
          return Promise.resolve([]);
        },
      },
    }),
  ),
  seeing(
    { name: "outdated-rejection-told", mistake: "GET tells a rejection after a later upload was accepted" },
    ({ raw }) => (raw.rejectedReason === undefined ? undefined : { raw: { ...raw, sequencer: "" } }),
  ),
  seeing({ name: "rejection-untold", mistake: "GET does not tell a rejection over a good image" }, ({ raw }) =>
    raw.status === "READY" && raw.rejectedReason !== undefined
      ? { raw: { ...raw, rejectedReason: undefined } }
      : undefined,
  ),
  seeing({ name: "deleted-unknown", mistake: "GET does not know a DELETED name" }, ({ raw }) =>
    raw.status === "DELETED" ? { raw: undefined } : undefined,
  ),
  seeing(
    { name: "other-generations-told", mistake: "GET tells of renditions of any generation" },
    ({ raw, renditions }) => {
      const told = renditions.filter(({ status, generation }) => status === "STORED" && generation !== raw.generation);
      return told.length === 0
        ? undefined
        : { renditions: renditions.map((item) => ({ ...item, generation: raw.generation ?? item.generation })) };
    },
  ),
  seeing(
    { name: "deleted-renditions-told", mistake: "GET tells of renditions that are deleted" },
    ({ raw, renditions }) =>
      renditions.every(({ status }) => status === "STORED")
        ? undefined
        : {
            renditions: renditions.map((item) => ({
              ...item,
              status: "STORED",
              generation: raw.generation ?? item.generation,
            })),
          },
  ),
  seeing({ name: "renditions-out-of-order", mistake: "GET tells of renditions as the table sorts them" }, ({ raw }) => {
    const sorted = [...(raw.expected ?? [])].sort((one, other) => (one.imageType < other.imageType ? -1 : 1));
    const differs = sorted.some(({ imageType }, index) => raw.expected?.[index]?.imageType !== imageType);
    return differs ? { raw: { ...raw, expected: sorted } } : undefined;
  }),
];
