import { expect } from "chai";
import { aMillion } from "../../cost/cost";
import type { Declared } from "../../cost/declared";
import { decisionsOf, type Decisions } from "../../cost/decisions";
import { readMeasured } from "../../cost/measured";
import { pricesOf } from "../../cost/prices";
import { recordedStack } from "../../policy/recordedStack";
import type { Use } from "../../cost/use";

const measured = readMeasured();
const use = { ...aMillion, bytes: measured.photo.bytes, megapixels: measured.photo.megapixels };
const decisionsFor = (resources: readonly Declared[], changed: Partial<Use> = {}) =>
  decisionsOf(resources, measured, pricesOf("us-east-1"), { ...use, ...changed });

describe("the decisions about a stack's cost", () => {
  let resources: Declared[];
  let decisions: Decisions;
  before(async () => {
    resources = await recordedStack("dev");
    decisions = decisionsFor(resources);
  });
  const usdOf = ({ each }: Decisions, word: string): number =>
    each.find(({ name }) => name.includes(word))?.usdPerMillion ?? NaN;

  it("save something, each alone, and together most", () => {
    for (const { name, usdPerMillion } of decisions.each) {
      expect(usdPerMillion, name).to.be.below(decisions.asItIs - 1);
      expect(usdPerMillion, name).to.be.above(decisions.all);
    }
  });

  it("leave no request of the API, trace or event, and no PUT of S3, which is told apart", () => {
    const prices = decisions.left.map(({ price }) => price);
    expect(prices).not.to.include.any.members(["apiRequest", "trace", "event", "s3Put"]);
    expect(decisions.left.reduce((sum, { usd }) => sum + usd, 0)).to.be.closeTo(decisions.all, 1e-9);
  });

  it("save nothing where they are taken already", async () => {
    const taken = decisionsFor(resources, { gets: 0 });
    expect(usdOf(taken, "status requests")).to.equal(taken.asItIs);
    const untraced = await recordedStack("dev", false, { "snail-images:tracing": "false" });
    const silent = decisionsFor(untraced);
    expect(silent.asItIs).to.be.closeTo(usdOf(decisions, "tracing: false"), 1e-9);
  });
});
