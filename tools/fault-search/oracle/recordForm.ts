import type { Preview, RawRecord, Status } from "../../../handlers/records";
import { Violation } from "./invariants";

type Holds = "always" | "never" | "maybe";

type Form = Record<
  | keyof Preview
  | ("contentHash" | "metadata" | "focus" | "expected" | "revision" | "renditions" | "live")
  | ("reason" | "rejectedReason" | "statusShard" | "deletedAt" | "expiresAt"),
  Holds
>;

/** The attributes that a record has or never has, but in a status for which something else is said. */
const bare: Form = {
  statusShard: "always",
  metadata: "never",
  focus: "never",
  contentHash: "never",
  placeholder: "never",
  dominantColour: "never",
  expected: "never",
  revision: "never",
  renditions: "never",
  live: "never",
  reason: "never",
  rejectedReason: "never",
  deletedAt: "never",
  expiresAt: "never",
};
const accepted: Form = { ...bare, metadata: "maybe", focus: "maybe", rejectedReason: "maybe" };
const forms: Record<Status, Form> = {
  PROCESSING: { ...accepted, expected: "always", live: "maybe" },
  READY: {
    ...accepted,
    contentHash: "always",
    placeholder: "always",
    dominantColour: "always",
    renditions: "always",
    expected: "maybe",
    revision: "maybe",
  },
  FAILED: { ...accepted, expected: "always", live: "maybe", reason: "always" },
  REJECTED: { ...bare, rejectedReason: "always", expiresAt: "always" },
  DELETING: bare,
  DELETED: { ...bare, statusShard: "never", deletedAt: "always", expiresAt: "always" },
};

/** A dead letter lives 14 days; its record must not be forgotten before. */
const LONGEST_MESSAGE_SECONDS = 14 * 24 * 60 * 60;

/** A record tells what its status needs and nothing else, and expires only where nothing is left to serve. */
export function* violationsOfForm(record: RawRecord): Generator<Violation> {
  const { original: name, status, live, statusShard = "", createdAt, id, expiresAt, updatedAt } = record;
  for (const [attribute, holds] of Object.entries(forms[status]) as [keyof (typeof forms)["READY"], Holds][]) {
    const present = record[attribute] !== undefined && record[attribute] !== "";
    if (holds !== "maybe" && present !== (holds === "always")) {
      yield new Violation("FORM", `${name} is ${status} ${present ? "with" : "without"} ${attribute}`);
    }
  }
  if (statusShard !== "" && !statusShard.startsWith(`${live ? "READY" : status}#`)) {
    yield new Violation(
      "FORM",
      `${name} is ${status}${live ? " with a live generation" : ""} in the list ${statusShard}`,
    );
  }
  if (record.listPosition !== `${createdAt} ${id}`) {
    yield new Violation("FORM", `${name} moves in its list to ${record.listPosition ?? "nowhere"}`);
  }
  if (record.generation !== undefined && record.sequencer === record.rejectedSequencer) {
    yield new Violation("FORM", `${name}: one upload is accepted and rejected`);
  }
  if (status === "READY" && record.expected && record.revision === undefined) {
    yield new Violation("FORM", `${name} is READY with expected and without revision`);
  }
  if (expiresAt !== undefined && expiresAt < Date.parse(updatedAt) / 1000 + LONGEST_MESSAGE_SECONDS - 1) {
    yield new Violation("FORM", `${name} (${status}) expires before the last message about it`);
  }
}
