import type { Finding } from "./evaluate";

/** Findings of one rule on some resources that are right as they are. */
export interface Suppression {
  rule: string;
  /** URN with `*` for any text in each of its four parts: `urn:pulumi:*::shop::*::photos-*`. */
  urn: string;
  /** Why the finding stays. */
  reason?: string;
  /** The day from which it does not count any more: `2027-06-30`. */
  expires?: string;
}

/** Name of the policy that objects to suppressions. */
export const SUPPRESSIONS = "suppressions";

/** The suppressions of one run: they take findings away, and are objected to where they should not be there. */
export class Suppressions {
  private readonly unsoundOnes = new Map<Suppression, string>();
  private readonly used = new Set<Suppression>();

  /** @param today default: now */
  constructor(
    private readonly entries: readonly Suppression[],
    today: Date = new Date(),
  ) {
    for (const entry of entries) {
      const objection = objectionTo(entry, today);
      if (objection !== undefined) this.unsoundOnes.set(entry, objection);
    }
  }

  /** Whether no entry takes the finding away; the entries that do are used from then on. */
  isReported({ rule, urn }: Pick<Finding, "rule" | "urn">): boolean {
    const covering = this.entries.filter(
      (entry) => entry.rule === rule && !this.unsoundOnes.has(entry) && matches(entry.urn, urn, 4),
    );
    for (const entry of covering) this.used.add(entry);
    return covering.length === 0;
  }

  /**
   * Entries without a reason, past their day or with another mistake. They take nothing away.
   * @param stack URN of the stack, or of any resource in it: entries about other stacks and projects are left alone
   */
  unsound(stack: string): Finding[] {
    return [...this.unsoundOnes]
      .filter(([{ urn }]) => partsOf(urn).length < 4 || matches(urn, stack, 2))
      .map(([entry, objection]) => findingOn(entry, objection, stack));
  }

  /** Entries that took no finding away. To be asked at the end. @param stack as for `unsound` */
  unused(stack: string): Finding[] {
    return this.entries
      .filter((entry) => !this.unsoundOnes.has(entry) && !this.used.has(entry) && matches(entry.urn, stack, 2))
      .map((entry) => findingOn(entry, "takes no finding away; remove it", stack));
  }
}

function objectionTo({ urn, reason = "", expires = "" }: Suppression, today: Date): string | undefined {
  if (partsOf(urn).length < 4) return "names no URN; allowed: urn:pulumi:STACK::PROJECT::TYPE::NAME, with * in each";
  if (reason.trim() === "") return "has no reason; say why the finding stays";
  if (Number.isNaN(Date.parse(expires))) return "has no day on which it expires; say one, such as 2027-06-30";
  if (new Date(expires) <= today) return `expired on ${expires}; mend what it covers, or decide again`;
  return undefined;
}

function findingOn({ rule, urn }: Suppression, objection: string, stack: string): Finding {
  const message = `suppression of ${rule} on ${urn}: ${objection}`;
  return { rule: SUPPRESSIONS, kind: "violation", level: "mandatory", urn: stack, property: rule, message };
}

/** Whether the first parts of a URN are like those of the pattern. */
function matches(pattern: string, urn: string, parts: number): boolean {
  const subject = partsOf(urn);
  return partsOf(pattern)
    .slice(0, parts)
    .every((part, at) => new RegExp(`^${part.split("*").map(literally).join(".*")}$`).test(subject[at] ?? ""));
}

/** Stack, project, type and name; a name may have `::` in it. */
function partsOf(urn: string): string[] {
  const [stack = "", project, type, ...name] = urn.split("::");
  return [stack, project, type, name.length > 0 ? name.join("::") : undefined].filter((part) => part !== undefined);
}

/** Text as part of a regular expression that matches nothing but it. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
