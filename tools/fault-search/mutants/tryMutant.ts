import { loadHandlers, type Mutant } from "./loadMutant";
import { runSeed } from "../search/replay";
import { scenarios } from "../search/scenarios";
import type { Invariant } from "../oracle/invariants";

/** How many schedules of the scenarios, taken in turn, a mutant is given. */
export const SEEDS_PER_MUTANT = 2000;

export interface Verdict {
  mutant: Mutant;
  /** The scenario and seed that found it; undefined when it survives. */
  killedBy?: { scenario: string; seed: number; invariant: Invariant };
  /** Schedules until then. */
  schedules: number;
}

/** Looks for a schedule that shows a mutant's mistake. */
export async function tryMutant(mutant: Mutant, mostSeeds = SEEDS_PER_MUTANT): Promise<Verdict> {
  const handlers = loadHandlers(mutant);
  for (let schedule = 0; schedule < mostSeeds; schedule++) {
    const scenario = scenarios[schedule % scenarios.length];
    if (!scenario) break;
    const seed = Math.floor(schedule / scenarios.length);
    const { violation } = await runSeed(scenario, seed, handlers);
    if (violation) {
      return {
        mutant,
        killedBy: { scenario: scenario.name, seed, invariant: violation.invariant },
        schedules: schedule + 1,
      };
    }
  }
  return { mutant, schedules: mostSeeds };
}

export const tableHead = ["mutant", "found by", "schedules", "mistake"];

export function verdictLine({ mutant, killedBy, schedules }: Verdict): string[] {
  const found = killedBy ? `${killedBy.invariant} (${killedBy.scenario} ${killedBy.seed})` : "SURVIVES";
  return [mutant.name, found, String(schedules), mutant.mistake];
}
