import type { Finding } from "./evaluate";
import list from "./suppressions.json";

/** An entry of `suppressions.json`: findings of one rule on some resources that are right as they are. */
export interface Suppression {
  rule: string;
  /** Logical name, or a whole URN, with `*` for any text. */
  urn: string;
  /** Why the finding stays. */
  reason: string;
  /** The day from which it does not count any more: `2027-06-30`. */
  expires: string;
}

/** A suppression that can be asked about a finding. */
export interface AppliedSuppression extends Suppression {
  covers(finding: Pick<Finding, "rule" | "urn">): boolean;
}

/**
 * Reads the pack's suppressions.
 * @param today default: now
 * @throws Error for one without a reason, or past its day
 */
export function readSuppressions(
  entries: readonly Suppression[] = list,
  today: Date = new Date(),
): AppliedSuppression[] {
  return entries.map((entry) => {
    const { rule, urn, reason, expires } = entry;
    if (reason.trim() === "") throw new Error(`suppressions.json: ${rule} on ${urn} has no reason`);
    if (!(new Date(expires) > today)) throw new Error(`suppressions.json: ${rule} on ${urn} expired on ${expires}`);
    const pattern = new RegExp(`^${urn.split("*").map(literally).join(".*")}$`);
    const subject = (of: string) => (urn.includes("::") ? of : (of.split("::").at(-1) ?? ""));
    return { ...entry, covers: (finding) => finding.rule === rule && pattern.test(subject(finding.urn)) };
  });
}

/** Text as part of a regular expression that matches nothing but it. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
