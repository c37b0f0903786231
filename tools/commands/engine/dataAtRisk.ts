import { resourceTypes } from "../../embedded-aws/engine";
import { readEventLog, type Change } from "./events";

/** A resource whose content goes when the change is made. */
export interface Risk {
  type: string;
  /** Logical name. */
  name: string;
  /** Physical name or id as it exists. */
  id: string;
  op: "replace" | "delete";
  /** The properties that force a replacement. */
  forcedBy: string[];
  /** A protected resource is not replaced or deleted: the engine refuses. */
  isProtected: boolean;
}

const holdsData = (type: string): boolean => resourceTypes[type]?.holdsData === true;

/** The buckets, tables and queues that these changes replace or delete. */
export function dataAtRisk(changes: readonly Change[]): Risk[] {
  return changes.flatMap(({ op, type, name, old, forcedBy }) =>
    (op === "replace" || op === "delete") && holdsData(type)
      ? [{ type, name, id: old?.id ?? "", op, forcedBy, isProtected: old?.protect === true }]
      : [],
  );
}

/** Data at risk in the run whose event log is in `file`. */
export function readDataAtRisk(file: string): Risk[] {
  return dataAtRisk(readEventLog(file).changes);
}

/** `aws:s3/bucket:Bucket images (images-1234567) is replaced, forced by bucket; its content is lost`. */
export function riskText({ type, name, id, op, forcedBy, isProtected }: Risk): string {
  const cause = op === "delete" ? "is deleted" : `is replaced, forced by ${forcedBy.join(", ") || "its provider"}`;
  const outcome = isProtected ? "it is protected, so the engine refuses" : "its content is lost";
  return `${type} ${name} (${id}) ${cause}; ${outcome}`;
}
