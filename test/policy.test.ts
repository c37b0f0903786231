import { expect } from "chai";

import { configuration } from "../policy/packConfiguration";
import { evaluate, type Finding } from "../policy/evaluate";
import { graphOfRecorded } from "../policy/recorded";
import { rules } from "../policy/rules";
import { readSuppressions } from "../policy/readSuppressions";
import { declareStack } from "./support/stacks";

describe("the policy pack on the program", () => {
  for (const name of ["dev", "prod"] as const) {
    describe(`in stack ${name}`, () => {
      let findings: Finding[];
      before(async () => {
        const { stack } = await declareStack(name);
        const suppressions = readSuppressions();
        const all = await evaluate(graphOfRecorded(stack.resources), { rules, configuration: configuration(rules) });
        findings = all.filter((finding) => !suppressions.some((each) => each.covers(finding)));
      });

      it("finds nothing but what is suppressed for a reason", () => {
        expect(findings.map(({ message }) => message)).to.deep.equal([]);
      });
    });
  }
});
