import type { RawRecord, Status } from "../../../handlers/records";
import { Violation } from "./invariants";

type Seen = Pick<RawRecord, "epoch" | "sequencer" | "rejectedSequencer" | "status" | "generation" | "givenUp">;

/**
 * I6 between two looks at a name's record, however much happened in between.
 * @example
 * violations.push(...violationsOfProgress("photo.jpg", before, await readRaw("photo.jpg")));
 */
export function* violationsOfProgress(name: string, before: Seen, after: Seen | undefined): Generator<Violation> {
  if (!after) {
    yield new Violation("I6", `${name}: its record is gone`);
    return;
  }
  if (after.epoch < before.epoch) {
    yield new Violation("I6", `${name}: epoch went back from ${before.epoch} to ${after.epoch}`);
  }
  for (const attribute of ["sequencer", "rejectedSequencer"] as const) {
    const [was = "", is = ""] = [before[attribute], after[attribute]];
    if (is < was) yield new Violation("I6", `${name}: ${attribute} went back from ${was} to ${is || "nothing"}`);
  }
  const same = after.epoch === before.epoch && after.generation === before.generation;
  if (
    same &&
    !before.givenUp &&
    after.generation !== undefined &&
    !laterOfGeneration[before.status].includes(after.status)
  ) {
    yield new Violation("I6", `${name}: status went from ${before.status} to ${after.status}`);
  }
}

/** The statuses that one generation may have after it had this one. */
const laterOfGeneration: Record<Status, Status[]> = {
  PROCESSING: ["PROCESSING", "READY", "FAILED"],
  READY: ["READY"],
  FAILED: ["FAILED"],
  REJECTED: [],
  DELETING: [],
  DELETED: [],
};
