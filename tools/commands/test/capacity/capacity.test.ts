import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Capacity, capacityOf } from "../../capacity/capacity";
import { withTables } from "../../capacity/docs";
import { concurrencyFor, stagesOf } from "../../capacity/stack";
import type { Declared } from "../../cost/declared";
import { readMeasured } from "../../cost/measured";
import { recordedStack } from "../../policy/recordedStack";
import { snail } from "../cli/support";

const flags = { stack: "dev", rate: 5, burst: 0, seconds: 60, concurrencyLimit: 1000, enough: false };

describe("snail capacity", () => {
  let resources: Declared[];
  before(async () => {
    resources = await recordedStack("dev");
  });

  it("is what docs/scale.md shows", async () => {
    const text = readFileSync(join(__dirname, "../../../../docs/scale.md"), "utf8");
    expect(text).to.equal(await withTables(text));
  });

  it("takes a stack's own batches, concurrency and memory", () => {
    const half = resources.map((resource) =>
      resource.name === "ResolutionBasedImagePutProcess" && resource.type.endsWith(":Function")
        ? { ...resource, inputs: { ...resource.inputs, memorySize: Number(resource.inputs.memorySize) / 2 } }
        : resource,
    );
    const [before, after] = [resources, half].map((each) => stagesOf(each, readMeasured())[1]);
    expect(before).to.include({ name: "ResolutionBasedImagePutProcess", maximumConcurrency: 3 });
    expect(after?.cpuMs).to.be.closeTo((before?.cpuMs ?? 0) * 2, 0.01);
  });

  it("lists limits by the rate at which they bind, the stack's own among them", () => {
    const { limits } = capacityOf(resources, flags);
    const rates = limits.map(({ perSecond }) => perSecond);
    expect(rates).to.deep.equal([...rates].sort((a, b) => a - b));
    const names = limits.map(({ name }) => name);
    expect(names).to.include("ImageApi: apiThrottle.rate 20");
    expect(names).to.include("ResolutionBasedImagePutProcess: maximumConcurrency 3");
  });

  it("carries a rate with the concurrency that it says the rate needs", () => {
    const { neededConcurrency, result } = capacityOf(resources, { ...flags, rate: 40, seconds: 300, enough: true });
    expect(result.stages.every(({ delayP50 }) => delayP50 < 50)).to.equal(true);
    expect(result.stages.map(({ peakConcurrency }, i) => peakConcurrency <= (neededConcurrency[i] ?? 0))).to.deep.equal(
      [true, true],
    );
  });

  it("does not carry a rate above its lowest limit", () => {
    const { limits, result } = capacityOf(resources, { ...flags, rate: 40 });
    const lowest = limits.find(({ name }) => name.includes("maximumConcurrency"));
    expect(lowest?.perSecond).to.be.below(40);
    expect(result.drainSeconds).to.be.above(10);
  });

  it("asks for at least what a mapping takes", () => {
    const stage = { name: "f", batchSize: 1, maximumConcurrency: 2, cpuMs: 100, waitMs: 100, coldMs: 0 };
    expect(concurrencyFor(stage, 1)).to.equal(2);
    expect(concurrencyFor(stage, 100)).to.equal(27);
    expect(concurrencyFor(stage, 100_000)).to.equal(1000);
  });

  it("prints JSON, and refuses a rate of nothing", async () => {
    const { code, out } = await snail(["capacity", "--rate", "2", "--seconds", "5", "--json"]);
    expect(code).to.equal(0);
    expect((JSON.parse(out) as Capacity).result.uploads).to.be.above(0);
    const refused = await snail(["capacity", "--rate", "0"]);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.include("It must be a whole number of at least 1");
  });
});
