import { checks } from "./checks";
import { cleanUp } from "./cleanUp";
import { policyOf } from "./policy";
import { chosenTarget, type ServiceFlags } from "../support/chosenService";
import type { Target } from "../support/target";
import { verify } from "./verify";

/** The flags of `snail verify`. */
export interface VerifyFlags extends ServiceFlags {
  /** Minutes. */
  wait: number;
  policy: boolean;
}

const MINUTE = 60_000;

/** Verifies a service; 0 when all checks passed. */
export async function run({ wait, policy, ...flags }: VerifyFlags): Promise<number> {
  const target = chosenTarget(flags);
  if (policy) {
    console.log(JSON.stringify(policyOf(target, [...checks, cleanUp]), undefined, 2));
    return 0;
  }
  console.log(notice(target));
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort(new Error("interrupted"));
    console.log("\nDeleting what was uploaded … (Ctrl-C again leaves it)");
    process.once("SIGINT", () => process.exit(130));
  });
  const { passed, failed } = await verify({
    target,
    patience: { fresh: wait * MINUTE, settled: 2 * MINUTE },
    print: (line) => console.log(line),
    signal: interrupted.signal,
  });
  for (const title of failed) console.log(`Failed: ${title}`);
  console.log(`${passed.length} passed, ${failed.length} failed`);
  if (interrupted.signal.aborted) return 130;
  return failed.length === 0 ? 0 : 1;
}

const notice = ({ stack, apiUrl }: Target): string =>
  [
    `Verifying stack ${stack} at ${apiUrl}.`,
    "It uploads a dozen images, 25 MB in all, and deletes them again: less than 0.01 USD on AWS. Of each name the table",
    "keeps a receipt for 30 days. One PUT is answered with 502, as it must be; where there are no other calls, that is",
    "enough for the alarm on the API's errors.",
    "",
  ].join("\n");
