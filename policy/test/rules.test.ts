import { expect } from "chai";
import { evaluate, type Finding } from "../evaluate";
import { Graph } from "../model/graph";
import { UNKNOWN, type Resource } from "../model/resource";
import { rules } from "../rules";
import { fixtures } from "./rules/index";

describe("the rules", () => {
  it("have a name each, which is also their fixture's", () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names)).to.have.property("size", names.length);
    expect(Object.keys(fixtures).toSorted()).to.deep.equal(names.toSorted());
  });

  for (const rule of rules) {
    describe(rule.name, () => {
      const { good, bad, fine = {} } = fixtures[rule.name] ?? { good: [], bad: {} };
      const findings = (stack: readonly Resource[]): Promise<Finding[]> =>
        evaluate(new Graph(stack), { rules: [rule] });

      it("accepts its fixture, which has something to check", async () => {
        expect(await findings(good)).to.deep.equal([]);
        expect(new Graph(good).all(...rule.types)).to.not.deep.equal([]);
        expect(Object.keys(bad)).to.not.deep.equal([]);
      });

      for (const [description, { to }] of Object.entries(fine))
        it(`accepts it ${description}`, async () => expect(await findings(to(good))).to.deep.equal([]));

      for (const [description, { to, unknown }] of Object.entries(bad)) {
        it(`refuses it ${description}`, async () => {
          const found = await findings(to(good));
          expect(found.filter(({ kind }) => kind !== "violation")).to.deep.equal([]);
          expect(found).to.not.deep.equal([]);
          for (const { level, urn, message } of found) {
            expect(level).to.equal(rule.level);
            expect(message).to.include(urn.split("::").at(-1)).and.to.include(rule.reason).and.to.include(rule.remedy);
          }
        });
        if (unknown)
          it(`does not accept it ${description}, as far as that is unknown`, async () =>
            expect(await findings(unknown(good))).to.not.deep.equal([]));
      }
    });
  }

  it("have an answer for an input of any form", async () => {
    const failed: string[] = [];
    const forms = [UNKNOWN, null, "x", 7, [UNKNOWN], { x: UNKNOWN }];
    for (const rule of rules)
      for (const [at, { inputs }] of fixtures[rule.name]!.good.entries())
        for (const name of Object.keys(inputs))
          for (const form of forms) {
            const stack = fixtures[rule.name]!.good.map((each, i) =>
              i === at ? { ...each, inputs: { ...inputs, [name]: form } } : each,
            );
            await evaluate(new Graph(stack), { rules: [rule] }).catch((error: unknown) => {
              failed.push(`${rule.name} with ${name} ${JSON.stringify(form)}: ${String(error)}`);
            });
          }
    expect(failed).to.deep.equal([]);
  });

  it("say what they ask for in whole sentences", () => {
    for (const { name, title, reason, remedy } of rules) {
      expect(title, name).to.match(/^[A-Z].*[^.]$/);
      expect(reason, name).to.match(/^[A-Z].*\.$/);
      expect(remedy, name).to.match(/^[A-Z].*\.$/);
    }
  });
});
