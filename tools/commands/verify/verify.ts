import type { Check } from "./check";
import { checks as all } from "./checks";
import { cleanUp } from "./cleanUp";
import { ImageApiClient } from "./imageApiClient";
import { observationText } from "./report";
import { waiter, type Observation, type Patience, type Session } from "./session";
import type { Target } from "../support/target";

interface VerifyOptions {
  target: Target;
  patience: Patience;
  print: (line: string) => void;
  /** Ends the checks; what they made is deleted all the same. */
  signal: AbortSignal;
  /** Default: all. */
  checks?: readonly Check[];
}

/** Which checks passed and which failed, by title. */
export interface Verdict {
  passed: string[];
  failed: string[];
}

/** Runs the checks one after the other, each whatever the others found, and then deletes what they uploaded. */
export async function verify({ target, patience, print, signal, checks = all }: VerifyOptions): Promise<Verdict> {
  const verdict: Verdict = { passed: [], failed: [] };
  const api = new ImageApiClient(target, Date.now().toString(36));
  const run = async (check: Check, end: AbortSignal): Promise<void> => {
    const seen: Observation[] = [];
    print(check.title);
    const see = (observation: Observation): void => {
      seen.push(observation);
      print(observationText(observation));
    };
    const session: Session = { target, api, see, wait: waiter({ patience, print, signal: end }) };
    const error = await check.run(session).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error !== undefined) print(`    failed    ${messageOf(error)}  ✘`);
    const passed = error === undefined && seen.length > 0 && seen.every(({ expected, seen: is }) => is === expected);
    print(passed ? "    ✔ passed" : "    ✘ failed");
    (passed ? verdict.passed : verdict.failed).push(check.title);
  };
  for (const check of checks) if (!signal.aborted) await run(check, signal);
  await run(cleanUp, new AbortController().signal);
  return verdict;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return error.message + cause;
}
