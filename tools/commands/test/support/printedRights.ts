import { expect } from "chai";

import type { AccessDecision } from "../../../embedded-aws";
import { reportOf } from "../../privileges/report";
import { snail } from "../cli/support";
import type { BreakableRun } from "../verify/breakableRun";

/**
 * Runs a command on a stack as an operator with the rights that its help prints, `<action> on <what>, …`, and no others. It must end with
 * 0, say nothing on stderr, and use each of them.
 * @param resources the ARNs of each printed right
 * @returns what it printed
 */
export async function runWithPrintedRights(
  service: BreakableRun,
  [command = "", ...flags]: string[],
  resources: Record<string, string[]>,
): Promise<string> {
  const [, printed = ""] = /Permissions: ([^.]+)\./.exec((await snail([command, "--help"])).out) ?? [];
  const rights = printed.split(/,\s+/).map((right) => right.replace(/\s+/g, " "));
  expect(rights).to.have.members(Object.keys(resources));
  const Statement = rights.map((right) => ({
    Effect: "Allow",
    Action: right.split(" ")[0],
    Resource: resources[right],
  }));
  const operator = service.roleWith({ Version: "2012-10-17", Statement });
  const decisions: AccessDecision[] = [];
  const end = service.run.cloud.iam.onDecision((decision) => decisions.push(decision));
  const { code, out, err } = await service.snail(operator.keys, [command, "--stack", "dev", ...flags]);
  end();
  expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
  const policies = service.run.cloud.policies().filter(({ source }) => source === "identity");
  const own = policies.filter(({ holder }) => holder === operator.arn);
  expect(reportOf(own, decisions).unused).to.deep.equal([]);
  return out;
}
