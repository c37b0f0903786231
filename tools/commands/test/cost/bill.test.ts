import { expect } from "chai";
import { billedMs, billOf, type Declared, type Line, type Use } from "../../cost/bill";
import type { Measured } from "../../cost/measured";
import { pricesOf } from "../../cost/prices";

const imageTypes = JSON.stringify([{ imageType: "large", width: 2000, height: 1500 }]);
const resources: Declared[] = [
  {
    type: "aws:lambda/function:Function",
    name: "Maker",
    inputs: {
      memorySize: 2048,
      architectures: ["arm64"],
      tracingConfig: { mode: "Active" },
      environment: { variables: { IMAGE_TYPES: imageTypes } },
    },
  },
  { type: "aws:dynamodb/table:Table", name: "Records", inputs: { globalSecondaryIndexes: [{}] } },
  { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "one", inputs: { metricName: "Errors" } },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "two",
    inputs: { metricQueries: [{ metric: {} }, { metric: {} }, { expression: "m1/m2" }] },
  },
  { type: "aws:cloudwatch/logGroup:LogGroup", name: "log", inputs: { retentionInDays: 60 } },
  { type: "aws:lambda/eventSourceMapping:EventSourceMapping", name: "queue", inputs: { scalingConfig: {} } },
];

/** One rendition of 3 MP of a photo of 12 MP. */
const measured: Measured = {
  measuredAt: "2026-01-01T00:00:00.000Z",
  photo: { bytes: 4e6, megapixels: 12 },
  renditions: { count: 1, bytes: 5e5, megapixels: 3 },
  recordBytes: 1500,
  renditionsMs: 80,
  plainSharpMs: 200,
  metrics: ["Made", "Failed"],
  paths: {
    put: {
      Maker: { cpuMs: 100, calls: { "s3:GetObject": 1, "s3:PutObject": 2, "dynamodb:UpdateItem": 1 }, logBytes: 500 },
    },
    get: {},
    delete: {},
  },
};
const use: Use = { images: 1e6, bytes: 4e6, megapixels: 12, gets: 2, deletes: 0.5, views: 3, storageWait: 100 };

const prices = pricesOf("us-east-1");
const of = (lines: Line[], component: string, price: string): number | undefined =>
  lines.find((line) => line.component === component && line.price === price)?.units;

describe("the bill of a stack", () => {
  const lines = billOf(resources, measured, prices, use);

  it("counts each call of a path as often as the path is taken", () => {
    // Two measured PUTs are one configured rendition for each: as many as the stack makes.
    expect(of(lines, "Maker", "s3Put")).to.equal(2e6);
    expect(of(lines, "Maker", "s3Get")).to.equal(1e6);
    expect(of(lines, "Maker", "lambdaRequest")).to.equal(1e6);
    expect(of(lines, "Maker", "trace")).to.equal(50_000);
  });

  it("counts a record's write by kilobytes, and in each index", () => {
    expect(of(lines, "Maker", "dynamodbWrite")).to.equal(1e6 * (2 + 1.5));
  });

  it("bills CPU and waits at the function's memory", () => {
    // 100 ms of CPU, one read of 100 ms, stores that overlap for another 100 ms, an update of 5 ms; 2 GB.
    expect(of(lines, "Maker", "lambdaGbSecondArm64")).to.be.closeTo((1e6 * 305 * 2) / 1000, 1);
  });

  it("takes the API's requests from all three paths, and downloads by bytes", () => {
    const requests = lines.filter(({ price }) => price === "apiRequest").map(({ units }) => units);
    expect(requests).to.deep.equal([1e6, 2e6, 0.5e6]);
    expect(of(lines, "delivery", "transferGb")).to.equal((3e6 * 5e5) / 1e9);
  });

  it("keeps what is not deleted", () => {
    expect(of(lines, "originals", "s3GbMonth")).to.equal((0.5e6 * 4e6) / 1e9);
    expect(of(lines, "renditions", "s3GbMonth")).to.be.closeTo((0.5e6 * 5e5) / 1e9, 1e-6);
    expect(of(lines, "logs", "logGbMonth")).to.equal((1e6 * 500 * 2) / 1e9);
  });

  it("counts an alarm by its metrics, and what is there without use", () => {
    const idle = lines.filter(({ kind }) => kind === "idle").map(({ component, units }) => [component, units]);
    expect(idle).to.deep.equal([
      ["alarms", 3],
      ["metrics", 2],
      ["queues", 657_000],
    ]);
  });

  it("is the sum of units and prices", () => {
    for (const { price, units, usd } of lines) expect(usd).to.equal(units * prices.prices[price]);
  });

  it("has only the idle part without images", () => {
    const kinds = billOf(resources, measured, prices, { ...use, images: 0 }).map(({ kind }) => kind);
    expect(new Set(kinds)).to.deep.equal(new Set(["idle"]));
  });
});

describe("the billed time of an invocation", () => {
  it("grows where memory gives less than one processor", () => {
    const part = { cpuMs: 100, calls: {}, logBytes: 0 };
    expect(billedMs(part, 1769, 100)).to.equal(100);
    expect(billedMs(part, 884.5, 100)).to.equal(200);
    expect(billedMs(part, 3538, 100)).to.equal(100);
  });
});

describe("a function's CPU for other images", () => {
  const cpuOf = (changed: Partial<Use>, given = resources): number => {
    const lines = billOf(given, measured, prices, { ...use, storageWait: 0, ...changed });
    return ((of(lines, "Maker", "lambdaGbSecondArm64") ?? 0) / 2 / 1e6) * 1000 - 5;
  };

  it("goes half with the original's pixels, half with the renditions'", () => {
    expect(cpuOf({})).to.be.closeTo(100, 0.1);
    expect(cpuOf({ megapixels: 24 })).to.be.closeTo(50 * 2 + 50, 0.1);
  });

  it("stays where a photo is smaller than the box", () => {
    expect(cpuOf({ megapixels: 3 })).to.be.closeTo(50 / 4 + 50, 0.1);
    expect(cpuOf({ megapixels: 1.5 })).to.be.closeTo(50 / 8 + 25, 0.1);
  });
});
