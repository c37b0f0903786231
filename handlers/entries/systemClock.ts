import type { Clock } from "../ports";

export function systemClock(): Clock {
  return { now: () => Date.now() };
}
