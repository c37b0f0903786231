import { parseArgs } from "node:util";
import { scenarioNamed, scenarios, type Scenario } from "../search/scenarios";

export interface Options {
  /** Schedules in all, spread over the scenarios. */
  seeds: number;
  /** The first seed of each scenario. */
  from: number;
  scenarios: Scenario[];
  replay: number | undefined;
  mutants: boolean;
  list: boolean;
  help: boolean;
}

export const usage = `npm run faults -- [options]
  --seeds N        schedules to try, spread over the scenarios (default 10000)
  --from S         the first seed of each scenario (default 0)
  --scenario NAME  only this scenario
  --replay SEED    one seed of the scenario: its trace, or the shortest schedule that violates the same invariant
  --mutants        tries the deliberate mistakes and prints who found them
  --list           the scenarios`;

/** Reads the command line. Throws an error that says what was wrong and what is allowed. */
export function readOptions(argv: string[]): Options {
  const { values } = parseArgs({
    args: argv,
    options: {
      seeds: { type: "string" },
      from: { type: "string" },
      scenario: { type: "string" },
      replay: { type: "string" },
      mutants: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { scenario, replay, mutants, list, help } = values;
  if (replay !== undefined && scenario === undefined) {
    throw new Error(`--replay ${replay} needs --scenario NAME: each scenario has seeds of its own`);
  }
  return {
    seeds: wholeNumber("--seeds", values.seeds ?? "10000", 1),
    from: wholeNumber("--from", values.from ?? "0", 0),
    scenarios: scenario === undefined ? scenarios : [scenarioNamed(scenario)],
    replay: replay === undefined ? undefined : wholeNumber("--replay", replay, 0),
    mutants,
    list,
    help,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${flag} is ${JSON.stringify(text)}; it must be a whole number of at least ${least}`);
}
