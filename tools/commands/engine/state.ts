import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ProjectOptions } from "./project";

/** A resource as the engine's state keeps it. */
export interface StateResource {
  type: string;
  urn: string;
  /** Whether a provider manages it, as it does not a component. */
  custom: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
}

/** The file in which the engine keeps the state of a stack without an account. */
function stateFile({ program, folder, stack }: ProjectOptions): string {
  const { name } = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { name: string };
  return join(folder, "state", ".pulumi", "stacks", name, `${stack}.json`);
}

/** The resources of the state; none where it was never written. */
export function stateOf(project: ProjectOptions): StateResource[] {
  const file = stateFile(project);
  if (!existsSync(file)) return [];
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest?: { resources?: StateResource[] } };
  };
  return state.checkpoint.latest?.resources ?? [];
}
