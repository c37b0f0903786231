import { expect } from "chai";
import { mutatedText, type Mutant } from "../mutants/loadMutant";
import { mutants } from "../mutants";
import { tryMutant } from "../mutants/tryMutant";

describe("the mutants of the protocol", function () {
  this.timeout(60_000);

  it("are at least twenty, each with a name of its own", () => {
    expect(new Set(mutants.map(({ name }) => name)).size)
      .to.equal(mutants.length)
      .and.to.be.at.least(20);
  });

  for (const mutant of mutants) {
    it(`${mutant.name} still fits the handlers`, () => {
      expect(mutatedText(mutant)).to.be.a("string");
    });
  }

  it("say so when they no longer fit", () => {
    const changes: Mutant["changes"] = [["no such text", ""]];
    const mutant = { name: "lost", mistake: "", file: "protocol/deletion", changes };
    expect(() => mutatedText(mutant)).to.throw(
      'mutant "lost": its text occurs 0 times in the compiled protocol/deletion',
    );
  });

  for (const name of [
    "upload-first",
    "record-any-epoch",
    "waiting-uploads-kept",
    "ready-before-objects",
    "epoch-kept",
  ]) {
    it(`${name} is found within 300 schedules`, async () => {
      const { killedBy } = await tryMutant(
        mutants.find((mutant) => mutant.name === name)!,
        300,
      );
      expect(killedBy).to.not.equal(undefined);
    });
  }
});
