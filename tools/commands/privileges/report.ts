import type { AccessDecision, DeclaredPolicy, Grant } from "../../embedded-aws";
import { grantsOf } from "../../embedded-aws";

/** Findings of a run about the policies that were in force. */
interface Findings {
  /** Calls that were denied. */
  denied: AccessDecision[];
  /** Grants without which every call would have been allowed all the same. */
  unused: Grant[];
}

/**
 * Compares what policies grant with the calls of a run. Of two grants that allow the same calls the one that allows
 * nothing else is unused; of two that are equal, the later.
 * @example
 * const { denied, unused } = reportOf(run.cloud.policies(), readDecisions(data));
 */
export function reportOf(policies: readonly DeclaredPolicy[], decisions: readonly AccessDecision[]): Findings {
  const calls = decisions.flatMap(({ allowedBy }) => (allowedBy ? [new Set(allowedBy.map(grantKey))] : []));
  const unused: Grant[] = [];
  // The last first, so that of two equal grants the earlier one stays.
  for (const grant of grantsOf(policies).reverse()) {
    const key = grantKey(grant);
    if (calls.some((by) => by.has(key) && by.size === 1)) continue;
    for (const by of calls) by.delete(key);
    unused.unshift(grant);
  }
  return { denied: decisions.filter(({ denied }) => denied !== undefined), unused };
}

/** Tells two grants apart. */
export const grantKey = (grant: Grant): string =>
  JSON.stringify([
    grant.source,
    grant.holder,
    grant.policy,
    grant.statement,
    grant.actionPattern,
    grant.resourcePattern,
  ]);
