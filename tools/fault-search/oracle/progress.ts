import type { RawRecord, Status } from "../../../handlers/records";
import { Violation } from "./invariants";

type Seen = Pick<RawRecord, "epoch" | "sequencer" | "rejectedSequencer" | "status" | "generation" | "givenUp" | "live">;

/**
 * I6 and SERVED between two looks at a name's record, however much happened in between.
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
  const served = ({ status, live }: Seen): boolean => status === "READY" || live !== undefined;
  if (after.epoch === before.epoch && served(before) && !served(after)) {
    yield new Violation("SERVED", `${name} was READY, and is ${after.status} without a live generation`);
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
