import { recordedChoices, seededChoices, type Choices, type Decisions } from "./choices";
import { handlers as deployed, type Handlers } from "../world/deployedHandlers";
import type { Scenario } from "./scenarios";
import { shrink } from "./shrink";
import { simulate, type Outcome } from "./runSchedule";
import { Trace } from "../world/trace";
import { invariants } from "../oracle/invariants";

/** One seed of a scenario: one schedule. */
export function runSeed(
  scenario: Scenario,
  seed: number,
  handlers: Handlers = deployed,
  trace?: Trace,
): Promise<Outcome> {
  return simulate(scenario, choicesOf(scenario, seed), { handlers, trace });
}

export const choicesOf = (scenario: Scenario, seed: number): Choices => seededChoices(seed, scenario.name);

/** The trace of a seed; where it violates an invariant, that of the shortest schedule found that does so too. */
export async function explainSeed(scenario: Scenario, seed: number, handlers: Handlers = deployed): Promise<string[]> {
  const choices = choicesOf(scenario, seed);
  const trace = new Trace();
  const { violation, steps } = await simulate(scenario, choices, { handlers, trace });
  const heading = `scenario ${scenario.name}, seed ${seed}: ${scenario.title}`;
  if (!violation) return [heading, ...trace.lines, `no violation in ${steps} steps`];

  const fails = async (candidate: Choices) => {
    const outcome = await simulate(scenario, candidate, { handlers });
    return {
      fails: outcome.violation?.invariant === violation.invariant,
      steps: outcome.steps,
      taken: candidate.taken,
    };
  };
  const shortest = await shrink(choices.taken, fails);
  return [
    heading,
    `VIOLATION of ${violation.invariant}: ${invariants[violation.invariant]}`,
    `  ${violation.detail}`,
    `the shortest schedule found (the seed's own has ${steps} steps):`,
    ...(await traceOf(scenario, shortest, handlers)),
    `replay: npm run faults -- --scenario ${scenario.name} --replay ${seed}`,
  ];
}

async function traceOf(scenario: Scenario, decisions: Decisions, handlers: Handlers): Promise<string[]> {
  const trace = new Trace();
  await simulate(scenario, recordedChoices(decisions), { handlers, trace });
  return trace.lines;
}
