import { mutants } from "../mutants";
import type { Mutant } from "../mutants/mutant";
import { handlers, type Handlers } from "../world/deployedHandlers";
import { scenarioNamed, scenarios, type Scenario } from "../search/scenarios";

/** The flags of `snail faults`. */
export interface Flags {
  /** Schedules in all, spread over the scenarios. */
  seeds: number;
  /** The first seed of each scenario. */
  from: number;
  /** Name of the only scenario. */
  scenario?: string;
  /** A seed of that scenario. */
  replay?: number;
  /** Name of a deliberate mistake that the handlers have. */
  mutant?: string;
  mutants: boolean;
  list: boolean;
}

export interface Options extends Omit<Flags, "scenario" | "mutant"> {
  scenarios: Scenario[];
  /** The deployed ones, or those with a mistake. */
  handlers: Handlers;
}

/**
 * The flags with the scenarios that they name, all or one, and the handlers.
 * @throws Error that names the scenarios when there is none of that name, or says that there is no such mutant
 * @example
 * readOptions({ seeds: 100, from: 0, scenario: "mixed", mutants: false, list: false });
 */
export function readOptions({ scenario, mutant, ...flags }: Flags): Options {
  return {
    ...flags,
    scenarios: scenario === undefined ? scenarios : [scenarioNamed(scenario)],
    handlers: mutant === undefined ? handlers : mutantNamed(mutant).load(() => undefined),
  };
}

function mutantNamed(name: string): Mutant {
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant) return mutant;
  throw new Error(`no mutant "${name}"; npm run faults -- --mutants lists them`);
}
