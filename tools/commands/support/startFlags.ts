import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { type FaultRates, parseFaults } from "../../embedded-aws/injectedFaults";

const root = join(__dirname, "../../..");

/** What `--help` prints. */
export const usage = `Runs the service on this machine.

  npm start -- [--stack dev|prod] [--port N] [--fresh] [--data DIR] [--verbose]

  --stack    whose configuration to use                          default: dev
  --port     port of the API, 0 for any that is free             default: 4000
  --fresh    forget what an earlier run stored
  --data     where everything is stored                          default: .local/<stack>
  --verbose  print every line that the functions log
  --faults   what goes wrong on purpose: throttle=2,error=1,duplicate=10,kill=5,retry=1
             (% of calls, % of calls, % of messages, seconds between kills, seconds to a retry)`;

/** The command line of `npm start`. */
export interface StartFlags {
  stack: string;
  port: number;
  fresh: boolean;
  data: string;
  verbose: boolean;
  faults: FaultRates | undefined;
}

const options = {
  stack: { type: "string", default: "dev" },
  port: { type: "string", default: "4000" },
  fresh: { type: "boolean", default: false },
  data: { type: "string" },
  verbose: { type: "boolean", default: false },
  faults: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/**
 * Reads the command line; undefined where it asks for help.
 * @throws Error with one line that says what is wrong
 */
export function readStartFlags(args: string[]): StartFlags | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const { stack, port, fresh, verbose } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`--port must be a whole number from 0 to 65535, got "${port}"`);
  }
  if (values.data === "") throw new Error('--data must name a folder, got ""');
  return {
    stack,
    port: Number(port),
    fresh,
    verbose,
    data: resolve(values.data ?? join(root, ".local", stack)),
    faults: values.faults === undefined ? undefined : parseFaults(values.faults),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    // Node's message, whose further lines are advice to programmers.
    const [problem = ""] = (error instanceof Error ? error.message : String(error)).split(/\n|(?<=\.) /);
    throw new Error(`${problem.replace(/\.$/, "")}; npm start -- --help tells what there is`, { cause: error });
  }
}
