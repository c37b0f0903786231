import { execFileSync } from "node:child_process";

/** The outputs of a deployed stack. @throws Error where the Pulumi CLI is missing or fails */
export function stackOutputs(stack: string): Record<string, unknown> {
  return JSON.parse(pulumi("stack", "output", "--json", "--stack", stack)) as Record<string, unknown>;
}

function pulumi(...args: string[]): string {
  try {
    return execFileSync("pulumi", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new Error(`pulumi ${args.join(" ")} failed`, { cause: error });
    const message = "the Pulumi CLI, which knows the stack's outputs, was not found on PATH";
    throw new Error(`${message}: https://www.pulumi.com/docs/install/`, { cause: error });
  }
}
