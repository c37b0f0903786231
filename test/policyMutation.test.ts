import { expect } from "chai";

import { reasons } from "../policy/mutation/besides";
import { mutate, type Verdict } from "../policy/mutation/mutation";
import { survivors, tableOf } from "../policy/mutation/table";
import { graphOfRecorded } from "../policy/recorded";
import { reported } from "../policy/reported";
import { declareStack } from "./support/stacks";

describe("a mistake in the program", () => {
  for (const name of ["dev", "prod"] as const) {
    describe(`in stack ${name}`, () => {
      let verdicts: Verdict[];
      before(async () => {
        const { stack } = await declareStack(name);
        verdicts = await mutate(graphOfRecorded(stack.resources), reported());
      });

      it("is found by a mandatory rule, wherever one is about it", () => {
        expect(survivors(verdicts)).to.deep.equal([]);
        expect(tableOf(verdicts)).to.match(/^(\d+) of \1 mutants killed$/m);
      });

      it("is left aside for reasons that are all in use", () => {
        expect(new Set(verdicts.flatMap(({ beside }) => beside ?? []))).to.deep.equal(reasons);
      });

      it("is made in every bucket, queue, function and policy", () => {
        const mutants = verdicts.filter(({ killedBy }) => killedBy !== undefined);
        const types = new Set(mutants.map(({ mutant }) => mutant.resource.type.split(":").at(-1)));
        expect([...types]).to.include.members([
          "BucketPolicy",
          "Function",
          "Queue",
          "QueuePolicy",
          "Role",
          "RolePolicy",
        ]);
        expect(new Set(mutants.map(({ mutant }) => mutant.kind)).size).to.equal(3);
      });
    });
  }
});
