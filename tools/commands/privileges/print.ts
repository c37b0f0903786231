import type { AccessDecision, Grant } from "../../embedded-aws";
import type { Exception } from "./exceptions";
import { diffOf, type Surplus } from "./smallest";

/** The grants of a stack's policies, beside those that its calls needed. */
export interface PrivilegesReport {
  stack: string;
  /** Numbers of the pairs of action and resource that policies allow, and of different calls. */
  grants: number;
  calls: number;
  denied: readonly AccessDecision[];
  unused: readonly Grant[];
  excepted: readonly (Grant & { reason: string })[];
  /** Exceptions for grants that were used after all. */
  stale: readonly Exception[];
  smallest: readonly Surplus[];
  /** False: a denial stopped the run, and tells nothing of grants that were still to be used. */
  isComplete: boolean;
  /** The logical name of a role or resource by its ARN. */
  nameOf: (arn: string) => string;
}

/** The report for a reader. */
export function textOf({ stack, grants, calls, nameOf, isComplete, ...report }: PrivilegesReport): string {
  const { denied, unused, excepted, stale, smallest } = report;
  const grantCells = (grant: Pick<Grant, "holder" | "policy" | "actionPattern">): string[] => [
    nameOf(grant.holder),
    grant.policy,
    grant.actionPattern,
  ];
  const grantSections = (): string[] => [
    section(
      "2. Grants that no call used",
      table(
        ["holder", "policy", "action", "resource"],
        unused.map((grant) => [...grantCells(grant), grant.resourcePattern]),
      ),
    ),
    section(
      "   Exceptions, each with its reason in the code",
      table(
        ["holder", "policy", "action", "reason"],
        excepted.map((grant) => [...grantCells(grant), grant.reason]),
      ),
    ),
    ...(stale.length === 0
      ? []
      : [
          section(
            "   Stale exceptions: their grants are used, take the reason out of the code",
            table(
              ["holder", "policy", "action", "reason"],
              stale.map((exception) => [...grantCells(exception), exception.reason]),
            ),
          ),
        ]),
    section(
      "3. Policies that could be smaller",
      smallest.flatMap((surplus) => ["", ...headerOf(surplus, nameOf), ...diffOf(surplus)]),
    ),
  ];
  return [
    `Stack ${stack}: ${grants} grants, ${calls} different calls.`,
    section(
      "1. Calls that were denied",
      table(
        ["caller", "action", "resource", "why"],
        denied.map((call) => [nameOf(call.caller.arn), call.action, call.resource, whyOf(call)]),
      ),
    ),
    ...(isComplete ? grantSections() : ["The run stopped there: grants that no call used are not told."]),
  ].join("\n");
}

/** The report for a program. */
export function jsonOf({ nameOf, smallest, ...report }: PrivilegesReport): Record<string, unknown> {
  const named = <Held extends { holder: string }>(held: readonly Held[]) =>
    held.map((each) => ({ name: nameOf(each.holder), ...each }));
  return {
    ...report,
    denied: report.denied.map((call) => ({ name: nameOf(call.caller.arn), ...call })),
    unused: named(report.unused),
    excepted: named(report.excepted),
    stale: named(report.stale),
    smallest: smallest.map((surplus) => ({
      name: nameOf(surplus.policy.holder),
      holder: surplus.policy.holder,
      policy: surplus.policy.name,
      declared: surplus.policy.document,
      smallest: surplus.smallest ?? null,
      diff: diffOf(surplus),
    })),
  };
}

const headerOf = ({ policy, smallest }: Surplus, nameOf: (arn: string) => string): string[] => {
  const title = `${nameOf(policy.holder)}, ${policy.name}`;
  return [
    `--- ${title}, as declared`,
    smallest === undefined ? "+++ not needed" : `+++ ${title}, the smallest that does`,
  ];
};

/** AWS's words after those that the table has columns for. */
const whyOf = ({ denied = "" }: AccessDecision): string =>
  /(?:because|with an explicit).*$/.exec(denied)?.[0] ?? denied;

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? `${title}: none` : [`${title}:`, ...lines].join("\n");

/** Rows in columns, under their titles; no line without rows. */
function table(titles: string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) => `   ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}
