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
  mutants: boolean;
  list: boolean;
}

export interface Options extends Omit<Flags, "scenario"> {
  scenarios: Scenario[];
}

/**
 * The flags with the scenarios that they name: all, or one.
 * @throws Error that names the scenarios when there is none of that name
 * @example
 * readOptions({ seeds: 100, from: 0, scenario: "mixed", mutants: false, list: false });
 */
export function readOptions({ scenario, ...flags }: Flags): Options {
  return { ...flags, scenarios: scenario === undefined ? scenarios : [scenarioNamed(scenario)] };
}
