import { expect } from "chai";

import { compositeRule } from "../../cloudwatch/compositeRule";

describe("the rule of a composite alarm", () => {
  const states = { a: "ALARM", b: "OK", c: "INSUFFICIENT_DATA" } as const;
  const holds = (rule: string): boolean => compositeRule(rule)((alarm) => states[alarm as keyof typeof states]);

  it("joins the states of alarms", () => {
    for (const rule of [
      'ALARM("a")',
      'OK("b") AND INSUFFICIENT_DATA("c")',
      'ALARM("b") OR ALARM("a")',
      'NOT ALARM("b")',
      'ALARM("a") AND (ALARM("b") OR (NOT OK("a") AND TRUE))',
    ])
      expect(holds(rule), rule).to.equal(true);
    for (const rule of [
      'ALARM("b")',
      'ALARM("a") AND ALARM("b")',
      'ALARM("b") OR FALSE',
      'NOT (ALARM("a") OR ALARM("b"))',
      'ALARM("unknown")',
      'OK("unknown")',
    ])
      expect(holds(rule), rule).to.equal(false);
  });

  it("is refused where it cannot be read, or could be read in two ways", () => {
    for (const rule of ["", 'ALARM("a"', 'ALARM("a") AND', 'ALARM("a") ALARM("b")', "ALARM(a)", "(TRUE", "TRUE)"])
      expect(() => compositeRule(rule), rule).to.throw("not a rule of a composite alarm");
    expect(() => compositeRule('ALARM("a") AND ALARM("b") OR ALARM("c")')).to.throw("not a rule");
  });
});
