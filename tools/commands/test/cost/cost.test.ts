import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { recordedStack } from "../../policy/recordedStack";
import { alternatives } from "../../cost/alternatives";
import { billOf } from "../../cost/bill";
import { aMillion, costOf } from "../../cost/cost";
import { costDifferences } from "../../cost/difference";
import { withBills } from "../../cost/docs";
import { itemBytes } from "../../cost/itemBytes";
import { readMeasured } from "../../cost/measured";
import { pricesOf } from "../../cost/prices";
import { snail } from "../cli/support";

const measured = readMeasured();
const prices = pricesOf("us-east-1");
const use = { ...aMillion, bytes: measured.photo.bytes, megapixels: measured.photo.megapixels };

describe("snail cost", () => {
  it("is what docs/cost.md shows", async () => {
    const text = readFileSync(join(__dirname, "../../../../docs/cost.md"), "utf8");
    expect(text).to.equal(await withBills(text));
  });

  it("refuses a region without prices, and says which there are", async () => {
    const { code, err } = await snail(["cost", "--region", "mars-1"]);
    const message = "no prices of region mars-1: use --region us-east-1, or add tools/commands/cost/prices/mars-1.json";
    expect({ code, err }).to.deep.equal({ code: 2, err: `snail cost: ${message}\n` });
  });

  it("refuses a size of nothing", async () => {
    const { code, err } = await snail(["cost", "--mb", "0"]);
    expect({ code, err }).to.deep.include({ code: 2 });
    expect(err).to.include("It must be a number above 0; snail cost --help");
  });

  it("has lines with something in them", async () => {
    const cost = await costOf({ stack: "dev", ...aMillion, images: 1000 });
    expect(cost.use.images).to.equal(1000);
    expect(cost.lines.every(({ units, usd }) => units > 0 && usd > 0)).to.equal(true);
  });
});

describe("the measurement that it uses", () => {
  it("names functions that the program declares", async () => {
    const names = (await recordedStack("dev")).map(({ name }) => name);
    const measuredFunctions = Object.values(measured.paths).flatMap((path) =>
      Object.entries(path).flatMap(([name, { cpuMs }]) => (cpuMs > 1 ? [name] : [])),
    );
    expect(names).to.include.members(measuredFunctions);
  });
});

describe("other ways to the same renditions", () => {
  it("cost more", async () => {
    const [here, plain, onDemand] = alternatives(await recordedStack("dev"), measured, prices, use);
    expect(here?.usdPerMillion).to.be.below(plain?.usdPerMillion ?? 0);
    expect(onDemand?.name).to.equal("each rendition made when it is first asked for");
  });

  it("are this stack's use without another CPU", async () => {
    const resources = await recordedStack("dev");
    const [here] = alternatives(resources, measured, prices, use);
    const lines = billOf(resources, measured, prices, use).filter(({ kind }) => kind === "use");
    expect(here?.usdPerMillion).to.be.closeTo(
      lines.reduce((sum, { usd }) => sum + usd, 0),
      1e-9,
    );
  });
});

describe("the cost of a change", () => {
  it("is told by what moves", async () => {
    const before = await recordedStack("dev");
    const after = before.filter(({ type }) => !type.endsWith(":MetricAlarm"));
    const [idle, ...others] = costDifferences(before, after);
    expect(others).to.deep.equal([]);
    expect(idle?.what).to.equal("a month without uploads");
    expect(idle?.after).to.be.below(idle?.before ?? 0);
    expect(costDifferences(before, before)).to.deep.equal([]);
  });
});

describe("the size of an item", () => {
  it("is counted as DynamoDB bills it", () => {
    expect(itemBytes({ name: { S: "ä.jpg" } })).to.equal(4 + 6);
    expect(itemBytes({ n: { N: "12345" }, b: { BOOL: true } })).to.equal(1 + 4 + 1 + 1);
    expect(itemBytes({ l: { L: [{ S: "ab" }] }, m: { M: { k: { S: "v" } } } })).to.equal(1 + 3 + 3 + (1 + 3 + 2 + 1));
    expect(itemBytes({ s: { SS: ["ab", "c"] } })).to.equal(1 + 3);
  });
});
