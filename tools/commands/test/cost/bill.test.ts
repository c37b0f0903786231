import { expect } from "chai";
import { billOf, type Line } from "../../cost/bill";
import type { Declared } from "../../cost/declared";
import type { Measured } from "../../cost/measured";
import { billedMs } from "../../cost/partTime";
import { pricesOf } from "../../cost/prices";
import { tracedShare } from "../../cost/tracing";
import type { Use } from "../../cost/use";

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
  { type: "aws:cloudwatch/compositeAlarm:CompositeAlarm", name: "both", inputs: {} },
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
      Maker: {
        cpuMs: 100,
        invocations: 1,
        calls: { "s3:GetObject": 1, "s3:PutObject": 2, "dynamodb:UpdateItem": 1 },
        logBytes: 500,
        invocationLogBytes: 200,
      },
    },
    get: {},
    delete: {},
  },
};
const use: Use = {
  images: 1e6,
  bytes: 4e6,
  megapixels: 12,
  gets: 2,
  deletes: 0.5,
  views: 3,
  storageWait: 100,
  direct: false,
  fullBatches: false,
};

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
  });

  it("counts an invocation as often as an image was measured to take one", () => {
    const { Maker } = measured.paths.put;
    const twice = { ...measured, paths: { ...measured.paths, put: { Maker: { ...Maker!, invocations: 2 } } } };
    expect(of(billOf(resources, twice, prices, use), "Maker", "lambdaRequest")).to.equal(2e6);
  });

  it("counts the traces of a function, and those of the API with what it invokes", () => {
    const perSecond = 1e6 / (730 * 3600);
    expect(of(lines, "Maker", "trace")).to.be.closeTo(1e6 * tracedShare(perSecond), 1);
    const stage: Declared = { type: "aws:apigateway/stage:Stage", name: "stage", inputs: { xrayTracingEnabled: true } };
    const traced = billOf([...resources, stage], measured, prices, { ...use, perSecond: 100 });
    expect(of(traced, "ImageApi", "trace")).to.be.closeTo(3.5e6 * tracedShare(350), 1);
    expect(of(traced, "Maker", "trace")).to.equal(undefined);
  });

  it("has no request and no line of the API for uploads that clients store themselves", () => {
    const ImageApi = { ...measured.paths.put.Maker!, calls: { "s3:PutObject": 1 } };
    const withApi = { ...measured, paths: { ...measured.paths, put: { ImageApi } } };
    const direct = billOf(resources, withApi, prices, { ...use, direct: true });
    expect(of(direct, "ImageApi", "apiRequest")).to.equal(2.5e6);
    expect(of(direct, "ImageApi", "logGb")).to.equal(undefined);
    expect(of(direct, "ImageApi", "s3Put")).to.equal(1e6);
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
    expect(requests).to.deep.equal([3.5e6]);
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
      ["alarms", 1],
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

describe("the bill of full batches", () => {
  const queue = "PutResolutionBasedImageQueue-mapping";
  const inputs = { ...resources[0]!.inputs, memorySize: 1769 };
  const maker = { ...measured.paths.put.Maker!, calls: { "s3:GetObject": 1, "sqs:SendMessage": 1 } };
  const batched: Declared[] = [
    { ...resources[0]!, name: "ResolutionBasedImagePutProcess", inputs },
    {
      type: "aws:lambda/eventSourceMapping:EventSourceMapping",
      name: queue,
      inputs: { batchSize: 4, scalingConfig: {} },
    },
  ];
  const paths = { put: { ResolutionBasedImagePutProcess: maker }, get: {}, delete: {} };
  const unitsOf = (fullBatches: boolean, price: string): number | undefined =>
    of(
      billOf(batched, { ...measured, paths }, prices, { ...use, fullBatches }),
      "ResolutionBasedImagePutProcess",
      price,
    );

  it("shares an invocation, its lines and the requests that receive and delete", () => {
    expect(unitsOf(true, "lambdaRequest")).to.equal(0.25e6);
    expect(unitsOf(true, "logGb")).to.be.closeTo((1e6 * (300 + 200 / 4)) / 1e9, 1e-9);
    expect(unitsOf(true, "sqsRequest")).to.equal(1.5e6);
    expect(unitsOf(false, "sqsRequest")).to.equal(3e6);
  });

  it("shares waits, and no CPU", () => {
    const ms = (fullBatches: boolean) => (unitsOf(fullBatches, "lambdaGbSecondArm64")! / (1769 / 1024) / 1e6) * 1000;
    expect(ms(false)).to.be.closeTo(100 + 110, 0.01);
    expect(ms(true)).to.be.within(100, 135);
  });
});

describe("the billed time of an image", () => {
  it("grows where memory gives less than one processor", () => {
    const part = { cpuMs: 100, invocations: 1, calls: {}, logBytes: 0, invocationLogBytes: 0 };
    const ms = (memoryMb: number) => billedMs(part, { memoryMb, atOnce: 1 }, 100, 1);
    expect([ms(1769), ms(884.5), ms(3538)]).to.deep.equal([100, 200, 100]);
  });
});

describe("the share of requests that are traced", () => {
  it("is all where seconds have one, and 5 % of many", () => {
    expect(tracedShare(0)).to.equal(1);
    expect(tracedShare(0.001)).to.be.closeTo(1, 0.001);
    expect(tracedShare(1)).to.be.closeTo(0.632 + 0.05 * 0.368, 0.001);
    expect(tracedShare(1000)).to.be.closeTo(0.051, 0.001);
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
