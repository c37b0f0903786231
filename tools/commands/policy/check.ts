import { writeFileSync } from "node:fs";
import { judge } from "../../../policy/judge";
import { graphOfRecorded } from "../../../policy/recorded";
import { ROOT } from "../engine/project";
import { type Format, formats } from "./formats";
import { located } from "./located";
import { recordedStack } from "./recordedStack";

/** The flags of `snail policy check`. */
export interface CheckFlags {
  stack: string;
  format: Format;
  out?: string;
}

/** Judges a stack by the policy pack, without engine or account; 1 when a mandatory finding is not suppressed. */
export async function run({ stack, format, out }: CheckFlags): Promise<number> {
  const resources = await recordedStack(stack, true);
  const { findings, suppressed } = await judge(graphOfRecorded(resources));
  const text = formats[format]({ stack, findings: located(findings, resources, ROOT), suppressed });
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return findings.some(({ level }) => level === "mandatory") ? 1 : 0;
}
