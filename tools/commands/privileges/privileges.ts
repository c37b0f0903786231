import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { grantsOf, readDecisions } from "../../embedded-aws";
import { Account } from "./account";
import { exceptionsIn, withExceptions } from "./exceptions";
import { exercise } from "./exercise";
import { jsonOf, type PrivilegesReport, textOf } from "./print";
import { reportOf } from "./report";
import { smallestPolicies } from "./smallest";

/** The flags of `snail privileges`. */
export interface PrivilegesFlags {
  stack: string;
  /** Settings in place of the stack's. */
  config: Record<string, string>;
  json: boolean;
}

/** Runs a stack's service, makes it use its grants, and prints the report; 0 when no grant is unused or missing. */
export async function run({ stack, config, json }: PrivilegesFlags): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), "snail-privileges-"));
  process.once("exit", () => rmSync(data, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  const tell = (line: string): void => {
    if (!json) console.log(line);
  };
  tell(`Running stack ${stack} …`);
  const account = await Account.open(data, { stack, config });
  try {
    const isComplete = await exercised(account, tell);
    const report = privilegesOf(stack, account, data, isComplete);
    console.log(json ? JSON.stringify(jsonOf(report), undefined, 2) : textOf(report));
    return report.denied.length + report.unused.length + report.stale.length > 0 ? 1 : 0;
  } finally {
    await account.close();
  }
}

/** False where a call was denied: images do not get to the end of their paths then. */
async function exercised(account: Account, tell: (line: string) => void): Promise<boolean> {
  const work = exercise(account, (key) => tell(`  ${key}`)).then(
    () => true,
    (error: unknown) => {
      if (!account.decided.some(({ denied }) => denied !== undefined)) throw error;
      return false;
    },
  );
  return Promise.race([work, account.denial().then(() => false)]);
}

function privilegesOf(stack: string, account: Account, data: string, isComplete: boolean): PrivilegesReport {
  const policies = account.policies();
  const decisions = readDecisions(data);
  const { denied, unused: idle } = reportOf(policies, decisions);
  const excepted = isComplete
    ? withExceptions(idle, exceptionsIn(account.resources))
    : { unused: [], excepted: [], stale: [] };
  return {
    stack,
    grants: grantsOf(policies).length,
    calls: decisions.length,
    denied,
    ...excepted,
    smallest: isComplete ? smallestPolicies(policies, decisions, excepted.unused) : [],
    isComplete,
    nameOf: (holder) => account.holderOf({ holder }),
  };
}
