import type { Mutant } from "./mutant";
import { play, situations } from "../search/situations";
import { runSeed } from "../search/replay";
import { scenarios, type Scenario } from "../search/scenarios";
import type { Invariant } from "../oracle/invariants";

/** How many schedules of the scenarios, taken in turn, a mutant is given. */
export const SEEDS_PER_MUTANT = 2000;

export interface Verdict {
  mutant: Mutant;
  /** The scenario and seed, or the situation, that found it; undefined when it survives. */
  killedBy?: { by: string; invariant: Invariant };
  /** Schedules until then. */
  schedules: number;
}

/** Looks for a schedule that shows a mutant's mistake. */
export async function tryMutant(mutant: Mutant, mostSeeds = SEEDS_PER_MUTANT): Promise<Verdict> {
  const handlers = mutant.load(() => undefined);
  let schedules = 0;
  for (const [seed, scenario] of inTurn(mostSeeds)) {
    schedules += 1;
    const { violation } = await runSeed(scenario, seed, handlers);
    if (violation) {
      return { mutant, schedules, killedBy: { by: `${scenario.name} ${seed}`, invariant: violation.invariant } };
    }
  }
  for (const situation of situations) {
    schedules += 1;
    const { violation } = await play(situation, handlers);
    if (violation) return { mutant, schedules, killedBy: { by: situation.name, invariant: violation.invariant } };
  }
  return { mutant, schedules };
}

/** Schedules of all scenarios in which a mutant's mistake must change something. */
const SEEDS_TO_APPLY = 600;

/** Throws where a mutant's mistake changes nothing: the handlers no longer make the call that it spoils. */
export async function checkThatItApplies(mutant: Mutant): Promise<void> {
  let strikes = 0;
  const handlers = mutant.load(() => (strikes += 1));
  for (const situation of situations) {
    if (strikes > 0) return;
    await play(situation, handlers);
  }
  for (const [seed, scenario] of inTurn(SEEDS_TO_APPLY)) {
    if (strikes > 0) return;
    await runSeed(scenario, seed, handlers);
  }
  throw new Error(`mutant "${mutant.name}" no longer applies: the handlers never make the call that it changes`);
}

/** Seeds and scenarios, each scenario in its turn. */
function* inTurn(schedules: number): Generator<[seed: number, scenario: Scenario]> {
  for (let seed = 0; seed * scenarios.length < schedules; seed++) {
    for (const scenario of scenarios) yield [seed, scenario];
  }
}

export const tableHead = ["mutant", "mistake", "found by", "schedules"];

export function verdictLine({ mutant, killedBy, schedules }: Verdict): string[] {
  const found = killedBy ? `${killedBy.invariant} (${killedBy.by})` : "SURVIVES";
  return [`\`${mutant.name}\``, mutant.mistake, found, String(schedules)];
}
