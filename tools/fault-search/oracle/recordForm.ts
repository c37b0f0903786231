import type { RawRecord, RenditionRecord, Status } from "../../../handlers/records";
import { Violation } from "./invariants";

type Holds = "always" | "never" | "maybe";

/** Which attributes a record has in each status: the reasons that it tells, and the time to live. */
const forms: Record<Status, Record<"reason" | "rejectedReason" | "deletedAt" | "expiresAt", Holds>> = {
  PROCESSING: { reason: "never", rejectedReason: "maybe", deletedAt: "never", expiresAt: "never" },
  READY: { reason: "never", rejectedReason: "maybe", deletedAt: "never", expiresAt: "never" },
  FAILED: { reason: "always", rejectedReason: "maybe", deletedAt: "never", expiresAt: "never" },
  REJECTED: { reason: "never", rejectedReason: "always", deletedAt: "never", expiresAt: "always" },
  DELETING: { reason: "never", rejectedReason: "never", deletedAt: "never", expiresAt: "never" },
  DELETED: { reason: "never", rejectedReason: "never", deletedAt: "always", expiresAt: "always" },
};

/** A dead letter lives 14 days; its record must not be forgotten before. */
const LONGEST_MESSAGE_SECONDS = 14 * 24 * 60 * 60;

/** A record tells the reasons that its status needs and no others, and expires only where nothing is left to serve. */
export function* violationsOfForm(record: RawRecord): Generator<Violation> {
  const { original: name, status, expiresAt, updatedAt } = record;
  for (const [attribute, holds] of Object.entries(forms[status]) as [keyof (typeof forms)["READY"], Holds][]) {
    const present = record[attribute] !== undefined && record[attribute] !== "";
    if (holds !== "maybe" && present !== (holds === "always")) {
      yield new Violation("FORM", `${name} is ${status} ${present ? "with" : "without"} ${attribute}`);
    }
  }
  if (record.generation !== undefined && record.sequencer === record.rejectedSequencer) {
    yield new Violation("FORM", `${name}: one upload is accepted and rejected`);
  }
  if (expiresAt !== undefined && expiresAt < Date.parse(updatedAt) / 1000 + LONGEST_MESSAGE_SECONDS - 1) {
    yield new Violation("FORM", `${name} (${status}) expires before the last message about it`);
  }
}

/** A rendition's item expires if and only if its object is deleted. */
export function* violationsOfItem({ original, imageId, status, expiresAt }: RenditionRecord): Generator<Violation> {
  if ((expiresAt !== undefined) !== (status === "DELETED")) {
    const word = expiresAt === undefined ? "never expires" : "expires";
    yield new Violation("FORM", `${original}: the item of ${imageId} is ${status} and ${word}`);
  }
}
