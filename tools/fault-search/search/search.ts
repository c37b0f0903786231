import { handlers as deployed, type Handlers } from "../world/deployedHandlers";
import { runSeed } from "./replay";
import type { Scenario } from "./scenarios";
import type { Invariant } from "../oracle/invariants";

interface Finding {
  scenario: Scenario;
  seed: number;
  invariant: Invariant;
  detail: string;
}

export interface SearchResult {
  schedules: number;
  steps: number;
  /** Schedules of each scenario, by its name. */
  tried: Map<string, number>;
  findings: Finding[];
}

export interface SearchOptions {
  scenarios: Scenario[];
  /** Schedules in all. */
  seeds: number;
  from: number;
  handlers?: Handlers;
  /** Called every few schedules; a search ends early when it answers true. */
  pause?: (result: SearchResult) => Promise<boolean>;
}

const SCHEDULES_BETWEEN_PAUSES = 200;

/** Tries seed after seed of all scenarios in turn, and gathers what it finds. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { scenarios, seeds, from, handlers = deployed, pause } = options;
  const result: SearchResult = { schedules: 0, steps: 0, tried: new Map(), findings: [] };
  for (let schedule = 0; schedule < seeds; schedule++) {
    const scenario = scenarios[schedule % scenarios.length];
    if (!scenario) break;
    const seed = from + Math.floor(schedule / scenarios.length);
    const { violation, steps } = await runSeed(scenario, seed, handlers);
    result.schedules += 1;
    result.steps += steps;
    result.tried.set(scenario.name, (result.tried.get(scenario.name) ?? 0) + 1);
    if (violation) {
      result.findings.push({ scenario, seed, invariant: violation.invariant, detail: violation.detail });
    }
    if (result.schedules % SCHEDULES_BETWEEN_PAUSES === 0 && (await pause?.(result))) break;
  }
  return result;
}
