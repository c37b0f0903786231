import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPulumi } from "./findPulumi";
import { refuseToDestroyKept } from "./keptData";
import { prepareProject, type Project, type ProjectOptions } from "./project";
import { stateOf } from "./state";

export interface EngineRun {
  /** Exit code of the CLI. */
  code: number;
  /** Its output, when that was captured. */
  output: string;
}

export interface EngineOptions extends ProjectOptions {
  /** Collects the output instead of showing it. */
  capture?: boolean;
  /** The policy pack's folder, when the run is to be judged by it. */
  policies?: string;
}

/** The folder of the policy pack that comes with a program, when there is one. */
export function policyPackOf(program: string): string | undefined {
  const folder = join(program, "policy");
  return existsSync(join(folder, "PulumiPolicy.yaml")) ? folder : undefined;
}

/**
 * Runs one command of the Pulumi CLI on the scratch project, making the stack where it is missing.
 * @throws Error when the CLI is missing or a protected resource would be destroyed, WrongCall when the program has no such
 * stack
 */
export async function runEngine(
  command: "preview" | "up" | "destroy",
  flags: readonly string[],
  options: EngineOptions,
): Promise<EngineRun> {
  const pulumi = findPulumi();
  const project = prepareProject(options);
  if (project.leftOut.length > 0 && !options.capture)
    console.error(`Secret settings are left out of a run without an account: ${project.leftOut.join(", ")}`);
  if (!project.exists) {
    const made = await execute(pulumi, ["stack", "init", options.stack], project, true);
    if (made.code !== 0) throw new Error(`the stack's state could not be made:\n${made.output}`);
  }
  if (command === "destroy") refuseToDestroyKept(options.stack, stateOf(options), flags);
  const checked = command === "preview" || command === "up";
  const policies = checked && options.policies !== undefined ? ["--policy-pack", options.policies] : [];
  return execute(pulumi, [command, "--stack", options.stack, ...policies, ...flags], project, options.capture ?? false);
}

function execute(pulumi: string, flags: string[], project: Project, capture: boolean): Promise<EngineRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(pulumi, ["-C", project.folder, ...flags], {
      env: project.environment,
      stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
