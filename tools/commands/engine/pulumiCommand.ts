import { rmSync } from "node:fs";
import { join } from "node:path";
import { readDataAtRisk, riskText } from "./dataAtRisk";
import { ROOT } from "./project";
import { policyPackOf, runEngine } from "./run";

type Command = "preview" | "up" | "destroy";

/** Runs a command of the Pulumi CLI without an account, with its own flags; the exit code is Pulumi's. */
export async function run({ stack }: { stack: string }, command: Command, flags: string[]): Promise<number> {
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
  if (risks.length > 0) console.error(["Data at risk:", ...risks.map((risk) => `  ${riskText(risk)}`)].join("\n"));
  return code === 0 ? 0 : 1;
}

/** Answers for the questions that Pulumi asks before it changes something: here it changes a state file only. */
export function withDefaults(command: Command, flags: readonly string[]): string[] {
  const has = (...names: string[]) => flags.some((flag) => names.includes(flag.split("=")[0] ?? ""));
  const defaults: string[] = [];
  if (command !== "preview" && !has("--yes", "-y")) defaults.push("--yes");
  if (command === "up" && !has("--skip-preview", "-f", "--preview-only")) defaults.push("--skip-preview");
  return [...defaults, ...flags];
}
