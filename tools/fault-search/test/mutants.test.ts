import { expect } from "chai";
import { patchedSources } from "../mutants/atSource";
import { atPorts } from "../mutants/atPorts";
import { mutants } from "../mutants";
import { checkThatItApplies, tryMutant } from "../mutants/tryMutant";

describe("the mutants of the protocol", function () {
  this.timeout(60_000);

  it("are at least twenty, each with a name of its own", () => {
    expect(new Set(mutants.map(({ name }) => name)).size)
      .to.equal(mutants.length)
      .and.to.be.at.least(20);
  });

  for (const mutant of mutants) {
    it(`${mutant.name} still applies to the handlers`, () => checkThatItApplies(mutant));
  }

  describe("in a unified diff", () => {
    const source = ["one", "two", "three", "four", "five", ""].join("\n");
    const diff = (removed: string) =>
      [
        "--- a/handlers/x.ts",
        "+++ b/handlers/x.ts",
        "@@ -1,3 +1,3 @@",
        " two",
        `-${removed}`,
        "+THREE",
        " four",
        "",
      ].join("\n");

    it("apply wherever their lines are", () => {
      const changed = new Map([["handlers/x.ts", source.replace("three", "THREE")]]);
      expect(patchedSources("moved", diff("three"), () => source)).to.deep.equal(changed);
    });

    it("apply though lines around them were changed or indented", () => {
      const renamed = source.replace("one", "1").replace("two", "  two");
      const changed = new Map([["handlers/x.ts", renamed.replace("three", "THREE")]]);
      expect(patchedSources("renamed", diff("three"), () => renamed)).to.deep.equal(changed);
    });

    it("are named when they no longer apply", () => {
      expect(() => patchedSources("lost", diff("no such line"), () => source)).to.throw(
        'mutant "lost" no longer applies to handlers/x.ts: write tools/fault-search/mutants/diffs/lost.diff again',
      );
    });
  });

  it("are named when the handlers no longer make the call that they change", async () => {
    const lost = atPorts("rawImagePutProcess", { name: "lost", mistake: "" }, () => ({}));
    const error: unknown = await checkThatItApplies(lost).catch((thrown: unknown) => thrown);
    expect(String(error)).to.equal(
      'Error: mutant "lost" no longer applies: the handlers never make the call that it changes',
    );
  });

  for (const name of [
    "missing-is-finished",
    "record-any-epoch",
    "waiting-uploads-kept",
    "ready-before-objects",
    "epoch-kept",
  ]) {
    it(`${name} is found within 600 schedules`, async () => {
      const { killedBy } = await tryMutant(
        mutants.find((mutant) => mutant.name === name)!,
        600, // 18 of each scenario
      );
      expect(killedBy).to.not.equal(undefined);
    });
  }
});
