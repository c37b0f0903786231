import { table } from "../support/markdownTable";
import type { Capacity } from "./capacity";
import type { Limit } from "./limits";

/** The tables of `snail capacity`. */
export function capacityText(capacity: Capacity): string {
  const { stack, load, concurrencyLimit, stages, neededConcurrency, result, limits } = capacity;
  const { rate, burst, seconds } = load;
  const about = [
    `Stack ${stack}: ${burst > 0 ? `${number(burst)} uploads at once, then ` : ""}${number(rate)} a second for ${seconds} s,`,
    `${number(result.uploads)} in all; ${number(concurrencyLimit)} concurrent executions in the account.`,
  ].join(" ");
  const rows = result.stages.map((stage, i) => [
    stage.name,
    number(stages[i]?.maximumConcurrency ?? 0),
    number(neededConcurrency[i] ?? 0),
    number(stage.peakConcurrency),
    time(stage.delayP50),
    time(stage.delayP99),
    number(stage.peakDepth),
  ]);
  return [
    about,
    table(
      ["function", "concurrency: allowed", "needed", "reached", "wait in queue: p50", "p99", "longest queue"],
      rows,
    ),
    [
      `From upload to READY: p50 ${time(result.latencyP50)}, p99 ${time(result.latencyP99)}.`,
      `All queues are empty ${time(result.drainSeconds * 1000)} after the last upload.`,
    ].join(" "),
    `The limits, the lowest first; ${bindsText(limits, rate)}`,
    limitsTable(limits),
  ].join("\n\n");
}

const bindsText = (limits: readonly Limit[], rate: number): string => {
  const below = limits.filter(({ perSecond }) => perSecond < rate).length;
  return below === 0 ? "none is below this rate:" : `${below} ${below === 1 ? "is" : "are"} below this rate:`;
};

/** Limits as a table. */
export const limitsTable = (limits: readonly Limit[]): string =>
  table(
    ["limit", "uploads a second", "beyond it"],
    limits.map(({ name, perSecond, beyond }) => [name, number(Math.floor(perSecond)), beyond]),
  );

/** A duration of milliseconds: `12 ms`, `3.4 s`, `5 min`. */
export function time(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

const number = (value: number): string => value.toLocaleString("en-GB");
