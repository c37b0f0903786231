import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { limitsTable } from "../../capacity/capacity";
import { type Limit, limitsOf } from "../../capacity/limits";
import type { Declared } from "../../cost/declared";
import { readMeasured } from "../../cost/measured";
import { recordedStack } from "../../policy/recordedStack";
import { snail } from "../cli/support";

const conditions = { size: 1, concurrency: 1000 };
const rateOf = (limits: readonly Limit[], name: string): number =>
  limits.find((limit) => limit.name === name)?.perSecond ?? NaN;

describe("snail capacity", () => {
  let resources: Declared[];
  before(async () => {
    resources = await recordedStack("prod");
  });

  it("prints the table of docs/scale.md", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/scale.md"), "utf8");
    expect(text).to.include(limitsTable(limitsOf(resources, readMeasured(), conditions)));
  });

  it("counts a stack's memory, the size of an original and the account's concurrency", () => {
    const limits = limitsOf(resources, readMeasured(), conditions);
    const change = { size: 2, concurrency: 500 };
    const larger = limitsOf(resources, readMeasured(), change);
    const half = resources.map((resource) =>
      resource.name === "ResolutionBasedImagePutProcess" && resource.type.endsWith(":Function")
        ? { ...resource, inputs: { ...resource.inputs, memorySize: Number(resource.inputs.memorySize) / 2 } }
        : resource,
    );
    const name = "ResolutionBasedImagePutProcess: maximumConcurrency";
    expect(rateOf(limits, name)).to.be.above(rateOf(larger, name));
    expect(rateOf(limitsOf(half, readMeasured(), conditions), name)).to.be.closeTo(rateOf(larger, name), 0.01);
    const account = "Lambda: concurrent executions of the account";
    expect(rateOf(larger, account)).to.be.below(rateOf(limits, account) / 2);
    expect(rateOf(limits, "DynamoDB: PROCESSING entries of the index")).to.equal(4000);
  });

  it("has the lowest limit first, and refuses an account without concurrency", async () => {
    const rates = limitsOf(resources, readMeasured(), conditions).map(({ perSecond }) => perSecond);
    expect(rates).to.deep.equal([...rates].sort((a, b) => a - b));
    const refused = await snail(["capacity", "--concurrency-limit", "0"]);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.include("It must be a whole number of at least 10");
  });
});
