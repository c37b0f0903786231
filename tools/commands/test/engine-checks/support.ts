import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEventLog, type EventLog } from "../../engine/events";
import { findPulumi } from "../../engine/findPulumi";
import { ROOT } from "../../engine/project";
import { policyPackOf, runEngine, type EngineRun } from "../../engine/run";

/** A program and the scratch folder in which its stack lives. */
export interface StackUnderCheck {
  program: string;
  folder: string;
  stack: string;
  policies?: string;
}

export const fixture = (name: string): string => join(__dirname, "..", "engine", "fixtures", name);

/** A scratch folder that is gone after the checks of the surrounding `describe`, which fail where the CLI is missing. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  before(() => void findPulumi());
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** This project's program as a stack of its own. */
export function stackUnderCheck(stack: string): StackUnderCheck {
  return { program: ROOT, folder: scratchFolder(), stack, policies: policyPackOf(ROOT) };
}

type Command = Parameters<typeof runEngine>[0];

/** Runs the CLI's command without colours or questions. */
export function pulumi(target: StackUnderCheck, command: Command, ...flags: string[]): Promise<EngineRun> {
  return runEngine(command, [...flags, "--non-interactive", "--color", "never"], { ...target, capture: true });
}

/** The CLI's output. @throws Error with it unless the command succeeded */
export async function succeeded(run: Promise<EngineRun>): Promise<string> {
  const { code, output } = await run;
  if (code !== 0) throw new Error(`exit code ${code}:\n${output}`);
  return output;
}

/** Previews, and reads the engine's events. */
export async function previewed(target: StackUnderCheck, ...flags: string[]): Promise<EventLog> {
  const file = join(target.folder, "events.json");
  await succeeded(pulumi(target, "preview", "--event-log", file, ...flags));
  return readEventLog(file);
}
