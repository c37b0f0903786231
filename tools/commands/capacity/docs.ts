import { withParts } from "../../../policy/places";
import type { Declared } from "../cost/declared";
import { recordedStack } from "../policy/recordedStack";
import { capacityOf } from "./capacity";
import { limitsTable, time } from "./print";
import { table } from "../support/markdownTable";

/** Rates of docs/scale.md, each with the number of equal stacks that share it and the concurrency of an account with one. */
const RATES = [
  { rate: 10, stacks: 1, concurrencyLimit: 1_000, seconds: 300 },
  { rate: 100, stacks: 1, concurrencyLimit: 1_000, seconds: 300 },
  { rate: 1_000, stacks: 1, concurrencyLimit: 2_000, seconds: 300 },
  { rate: 10_000, stacks: 8, concurrencyLimit: 3_000, seconds: 300 },
];

/**
 * The text of docs/scale.md with its tables as `snail capacity` computes them now, each between the comments
 * `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when a place for a table is missing
 */
export async function withTables(text: string): Promise<string> {
  const stacks = { dev: await recordedStack("dev"), prod: await recordedStack("prod") };
  const tables = { rates: rates(stacks.prod), burst: burst(stacks), limits: limits(stacks.prod) };
  return withParts(text, "docs/scale.md", "table", tables);
}

/** Each rate with the concurrency that each of its stacks needs. */
function rates(resources: readonly Declared[]): string {
  const rows: string[][] = [];
  for (const { rate, stacks, concurrencyLimit, seconds } of RATES) {
    const base = { stack: "prod", burst: 0, seconds, concurrencyLimit, enough: true };
    const { neededConcurrency, result } = capacityOf(resources, { ...base, rate: rate / stacks });
    const [store, make] = result.stages;
    rows.push([
      rate.toLocaleString("en-GB"),
      String(stacks),
      neededConcurrency.join(", "),
      concurrencyLimit.toLocaleString("en-GB"),
      [store, make].map((stage) => time(stage?.delayP99 ?? 0)).join(", "),
      time(result.latencyP50),
      time(result.latencyP99),
      time(result.drainSeconds * 1000),
    ]);
  }
  const head = ["uploads a second", "stacks", "maximumConcurrency of each", "account's concurrency"];
  return table([...head, "p99 wait in the queues", "p50 to READY", "p99 to READY", "empty after"], rows);
}

/** Bursts on both stacks as they are. */
function burst(stacks: Record<string, readonly Declared[]>): string {
  const rows: string[][] = [];
  for (const [stack, resources] of Object.entries(stacks))
    for (const uploads of [100, 1_000, 10_000]) {
      const flags = { stack, rate: 1, burst: uploads, seconds: 1, concurrencyLimit: 1_000, enough: false };
      const { result } = capacityOf(resources, flags);
      rows.push([
        stack,
        uploads.toLocaleString("en-GB"),
        time(result.latencyP50),
        time(result.latencyP99),
        time(result.drainSeconds * 1000),
      ]);
    }
  return table(["stack", "uploads at once", "p50 to READY", "p99 to READY", "empty after"], rows);
}

function limits(resources: readonly Declared[]): string {
  const flags = { stack: "prod", rate: 1, burst: 0, seconds: 1, concurrencyLimit: 1_000, enough: false };
  return limitsTable(capacityOf(resources, flags).limits);
}
