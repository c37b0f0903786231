import type { FaultSettings } from "./faultModel";
import type { UploadKind } from "../world/simulatedImages";

/** The end of dead letters: they are moved back days later, or never, or only after their uploads expired. */
export type DeadLetters = "moved back" | "expire" | "outlive their uploads";

export interface Scenario {
  name: string;
  title: string;
  /** The violation that it finds today: it is tried only when it is asked for by its name. */
  open?: string;
  clients: number;
  /** Operations of each client, at most. */
  operations: number;
  names: string[];
  /** The kinds of uploads; a kind that comes twice is twice as likely. */
  uploads: UploadKind[];
  /** How many different contents there are; few make the same bytes come again. */
  contents: number;
  /** In how many of 10 operations a client deletes. */
  deletesInTen: number;
  faults: FaultSettings;
  /** Milliseconds that pass before each upload; a second where it is left out. */
  pause?: number;
  /** Messages in one invocation, at most. */
  batch: number;
  /** Other renditions are configured in the middle, and other limits. */
  redeploys?: "stricter limits" | "looser limits";
  /** Messages that no function can work on are in the queues. */
  poison?: boolean;
  deadLetters?: DeadLetters;
  /** The sweep runs: once with faults, among the operations of some clients, and in the end until it finds nothing. */
  sweeps?: boolean;
  /** Each name has a READY image from the beginning. */
  established?: boolean;
  /** Image types change, and images are backfilled meanwhile; in the end once more. */
  backfills?: boolean;
  /** The states of images are announced. */
  announces?: boolean;
  /** The clocks of functions differ, and the index of names lags behind. */
  lags?: boolean;
  /** In the end so much time passes that deleted records may expire, and the names are used again. */
  expires?: boolean;
}

const base: Omit<Scenario, "name" | "title"> = {
  clients: 3,
  operations: 2,
  names: ["a.jpg"],
  contents: 9,
  deletesInTen: 3,
  batch: 1,
  uploads: ["good", "good", "good", "bad"],
  faults: { most: 4 },
};

/** All situations that can be tried; a seed of a scenario is one schedule. */
export const allScenarios: Scenario[] = [
  { ...base, name: "mixed", title: "uploads, rejected uploads and DELETEs of one name, with any fault" },
  {
    ...base,
    name: "calm",
    title: "the same without faults: races alone",
    operations: 3,
    faults: { most: 0 },
  },
  {
    ...base,
    name: "uploads",
    title: "uploads of one name, never deleted",
    deletesInTen: 0,
    uploads: ["good", "good", "good", "bad", "hollow"],
    operations: 3,
  },
  {
    ...base,
    name: "deletes",
    title: "one upload in flight against many DELETEs",
    deletesInTen: 6,
    uploads: ["good"],
    operations: 3,
  },
  {
    ...base,
    name: "same-bytes",
    title: "the same bytes again, and under two names",
    contents: 1,
    names: ["a.jpg", "b.jpg"],
    uploads: ["good"],
    operations: 3,
  },
  {
    ...base,
    name: "hollow",
    title: "images that turn out to be damaged only when they are rendered",
    uploads: ["hollow", "good", "large"],
    deletesInTen: 2,
  },
  {
    ...base,
    name: "decoder",
    title: "originals that end the decoder or keep it busy for ever, and a decoder that does so by chance",
    uploads: ["deadly", "endless", "good", "good", "dot"],
    names: ["a.jpg", "a.jpg", "b.jpg"],
    deletesInTen: 2,
    batch: 3,
    faults: { most: 5, decoder: true },
  },
  {
    ...base,
    name: "names",
    title: "names with odd characters, and names that break the rules",
    names: ["ä ö+%2B?&#'\"🐌.jpg", "a b.JPG", "%41.jpg", "a/b.jpg", "no-extension"],
  },
  {
    ...base,
    name: "batches",
    title: "several messages in one invocation, which fail one by one and die together",
    batch: 3,
    names: ["a.jpg", "b.jpg"],
    faults: { most: 3 },
  },
  {
    ...base,
    name: "outage",
    title: "half of all calls fail for a while; dead letters are moved back later",
    faults: { most: 0, outage: true },
    sweeps: true,
    batch: 2,
  },
  {
    ...base,
    name: "long-outage",
    title: "an outage that lasts through runs of the sweep",
    faults: { most: 0, outage: "long" },
    sweeps: true,
  },
  {
    ...base,
    name: "redeploy",
    title: "other renditions, formats and stricter limits are configured while images are under way",
    redeploys: "stricter limits",
    names: ["a.jpg", "a.jpg", "b.png"],
    uploads: ["good", "long", "png", "bad"],
    faults: { most: 2 },
  },
  {
    ...base,
    name: "looser-limits",
    title: "what was rejected becomes acceptable while images are under way",
    redeploys: "looser limits",
    names: ["a.jpg", "a.jpg", "b.png"],
    uploads: ["good", "long", "png"],
    faults: { most: 3 },
  },
  {
    ...base,
    name: "poison",
    title: "messages that no function can work on",
    poison: true,
    clients: 2,
    faults: { most: 2 },
  },
  {
    ...base,
    name: "new-bucket",
    title: "a bucket whose versioning is new: S3 does not find uploads that exist",
    faults: { most: 4, newBucket: true },
  },
  {
    ...base,
    name: "expiry",
    title: "names that are used again weeks after, while their deleted records expire",
    expires: true,
    deletesInTen: 5,
    operations: 1,
    uploads: ["good", "bad"],
    faults: { most: 2 },
  },
  {
    ...base,
    name: "late-attempts",
    title: "calls take effect once more, later, though their run lives on",
    faults: { most: 4, lateAttempts: true },
    sweeps: true,
  },
  {
    ...base,
    name: "pairs",
    title: "two deliveries of one message at the same time, with any fault",
    faults: { most: 5, pairs: true },
    sweeps: true,
  },
  {
    ...base,
    name: "lost-events",
    title: "S3 does not tell of some uploads",
    faults: { most: 4, lostEvents: true },
    sweeps: true,
  },
  {
    ...base,
    name: "lost-letters",
    title: "an outage whose dead letters expire",
    faults: { most: 0, outage: true },
    deadLetters: "expire",
    sweeps: true,
  },
  {
    ...base,
    name: "successors",
    title: "a good image whose successors are made, fail, are overtaken or deleted",
    established: true,
    uploads: ["good", "hollow", "hollow", "bad"],
    deletesInTen: 1,
  },
  {
    ...base,
    name: "details",
    title: "a good image whose successors have other details, or some that cannot be read",
    established: true,
    uploads: ["good", "good", "hollow", "garbled"],
    deletesInTen: 1,
  },
  {
    ...base,
    name: "shared",
    title: "images that are smaller than several boxes, whose renditions share an object",
    announces: true,
    names: ["a.jpg", "a.jpg", "b.jpg"],
    uploads: ["dot", "dot", "good", "hollow"],
  },
  {
    ...base,
    name: "given-up-successors",
    title: "a good image whose successors are given up in an outage; their dead letters expire",
    established: true,
    clients: 2,
    uploads: ["good", "good", "hollow"],
    deletesInTen: 1,
    faults: { most: 0, outage: true },
    deadLetters: "expire",
    sweeps: true,
  },
  {
    ...base,
    name: "lost-uploads",
    title: "an outage whose dead letters are moved back after their uploads expired",
    uploads: ["good", "good", "hollow"],
    faults: { most: 0, outage: true },
    pause: 2 * 60 * 1000,
    deadLetters: "outlive their uploads",
    sweeps: true,
  },
  {
    ...base,
    name: "events",
    title: "the states of images are announced, with any fault",
    announces: true,
    names: ["a.jpg", "a.jpg", "b.jpg"],
    uploads: ["good", "good", "hollow", "bad"],
    batch: 3,
    faults: { most: 5, lateAttempts: true },
    sweeps: true,
  },
  {
    ...base,
    name: "events-in-an-outage",
    title: "they are announced in an outage, in which images are given up; some are made later",
    announces: true,
    uploads: ["good", "good", "hollow", "bad"],
    faults: { most: 0, outage: true },
    sweeps: true,
  },
  {
    ...base,
    name: "backfill",
    title: "image types change, and renditions are made again among uploads and DELETEs, with any fault",
    established: true,
    backfills: true,
    announces: true,
    clients: 2,
    names: ["a.jpg", "b.jpg"],
    uploads: ["good", "good", "hollow"],
    deletesInTen: 2,
    batch: 2,
    faults: { most: 5 },
  },
  {
    ...base,
    name: "backfill-and-sweep",
    title: "the same in pairs and late attempts; the sweep runs",
    established: true,
    backfills: true,
    clients: 2,
    uploads: ["good", "good", "hollow"],
    deletesInTen: 2,
    faults: { most: 5, pairs: true, lateAttempts: true },
    sweeps: true,
  },
  {
    ...base,
    name: "retries",
    title: "the SDK repeats calls that took effect, with any fault",
    announces: true,
    uploads: ["good", "good", "hollow", "bad"],
    faults: { most: 4, retries: true },
  },
  {
    ...base,
    name: "retries-of-backfills",
    title: "the same of backfills, among uploads and DELETEs",
    established: true,
    backfills: true,
    clients: 2,
    uploads: ["good", "good", "hollow"],
    deletesInTen: 2,
    faults: { most: 4, retries: true },
  },
  {
    ...base,
    name: "late-errors",
    title: "calls fail, and take effect later",
    faults: { most: 4, lateErrors: true },
    sweeps: true,
  },
  {
    ...base,
    name: "same-second",
    title: "uploads and DELETEs of one name within a second",
    pause: 0,
  },
  {
    ...base,
    name: "lags",
    title: "clocks differ by seconds, and the index of names lags behind",
    lags: true,
    established: true,
    announces: true,
    names: ["a.jpg", "b.jpg"],
    faults: { most: 5, lostEvents: true },
    sweeps: true,
  },
  {
    ...base,
    name: "lost-beside-rejected",
    title: "the same, beside uploads that are rejected",
    open: "a lost upload counts as rejected where a later upload was: an older bad upload leaves no trace of its own",
    faults: { most: 0, outage: true },
    pause: 2 * 60 * 1000,
    deadLetters: "outlive their uploads",
    sweeps: true,
  },
];

/** Those that are tried unless one is asked for by its name. */
export const scenarios = allScenarios.filter(({ open }) => open === undefined);

export function scenarioNamed(name: string): Scenario {
  const scenario = allScenarios.find((candidate) => candidate.name === name);
  if (scenario) return scenario;
  throw new Error(`no scenario "${name}"; there are: ${allScenarios.map((s) => s.name).join(", ")}`);
}
