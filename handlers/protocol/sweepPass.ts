import type { SweepPass } from "../ports";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Whether a pass sends on its way what has waited since then: after an hour, and again each time its wait has doubled since
 * the pass before. What keeps failing so makes some ten dead letters in 30 days, and the next one always before the
 * last one expires.
 */
export function isDue(since: string, { began, before = since }: SweepPass): boolean {
  const hoursUntil = (time: string): number => Math.max(0, Date.parse(time) - Date.parse(since)) / HOUR_MS;
  const doublings = (time: string): number => Math.floor(Math.log2(hoursUntil(time)));
  return doublings(began) >= Math.max(0, doublings(before) + 1);
}

/** The pass that a run goes on with: the one that the last run did not end, or a new one. */
export function nextPass(last: SweepPass | undefined, now: string): SweepPass {
  return last?.after === undefined ? { began: now, before: last?.began } : last;
}
