import { readdirSync } from "node:fs";
import { WrongCall } from "./wrongCall";

/** The stacks that a folder has settings for, in alphabetical order. */
export function stacksOf(folder: string): string[] {
  const names = readdirSync(folder).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? "");
  return names.filter(Boolean).sort();
}

/** @throws WrongCall that names the stacks of the folder unless it has this one */
export function requireStack(folder: string, stack: string): void {
  const known = stacksOf(folder);
  if (!known.includes(stack)) throw new WrongCall(`no stack ${JSON.stringify(stack)}; allowed: ${known.join(", ")}`);
}
