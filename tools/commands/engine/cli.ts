import { rmSync } from "node:fs";
import { join } from "node:path";
import { readDataAtRisk, describeRisk } from "./dataAtRisk";
import { UsageError } from "./findPulumi";
import { ROOT } from "./project";
import { policyPackOf, runEngine } from "./run";
import { runMain } from "./runMain";

const COMMANDS = ["preview", "up", "destroy"] as const;
type Command = (typeof COMMANDS)[number];

const USAGE = `usage: npm run preview|up|destroy -- [--stack dev|prod] [any flag of pulumi's command]`;

/** Takes `--stack NAME` out of the arguments; everything else is Pulumi's. */
function readArguments(args: readonly string[]): { command: Command; stack: string; flags: string[] } {
  const command = COMMANDS.find((known) => known === args[0]);
  if (!command) throw new UsageError(USAGE);
  let stack = "dev";
  const flags: string[] = [];
  for (let index = 1; index < args.length; index++) {
    const argument = args[index] ?? "";
    const [flag, inline] = argument.split("=", 2);
    if (flag === "--stack" || flag === "-s") {
      const value = inline ?? args[++index];
      if (!value || value.startsWith("-")) throw new UsageError(`${argument} needs the name of a stack.\n${USAGE}`);
      stack = value;
    } else flags.push(argument);
  }
  return { command, stack, flags };
}

/** What Pulumi would ask before it changes something: here it changes a state file only. */
function withDefaults(command: Command, flags: readonly string[]): string[] {
  if (command === "preview") return [...flags];
  const has = (...names: string[]) => flags.some((flag) => names.includes(flag.split("=")[0] ?? ""));
  const defaults = [
    ...(has("--yes", "-y") ? [] : ["--yes"]),
    ...(has("--skip-preview", "-f", "--preview-only") ? [] : ["--skip-preview"]),
  ];
  return [...defaults, ...flags];
}

async function main(): Promise<number> {
  const { command, stack, flags } = readArguments(process.argv.slice(2));
  const folder = join(ROOT, ".local", "engine");
  const log = join(folder, `events-${stack}.json`);
  const ownLog = flags.some((flag) => flag.startsWith("--event-log"));
  const logging = ownLog || command === "destroy" ? [] : ["--event-log", log];
  rmSync(log, { force: true });
  const { code } = await runEngine(command, [...withDefaults(command, flags), ...logging], {
    program: ROOT,
    folder,
    stack,
    policies: policyPackOf(ROOT),
  });
  const risks = logging.length > 0 ? readDataAtRisk(log) : [];
  if (risks.length > 0) console.error(["Data at risk:", ...risks.map((risk) => `  ${describeRisk(risk)}`)].join("\n"));
  return code;
}

runMain(main);
