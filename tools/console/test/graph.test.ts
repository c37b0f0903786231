import { expect } from "chai";

import { graphOf } from "../graph";

const arn = (name: string): string => `arn:aws:x:eu-west-1:000000000000:${name}`;
const resource = (name: string, type: string, state: Record<string, unknown> = {}) => ({
  name,
  type,
  id: name,
  state: { arn: arn(name), ...state },
});
const policy = (holder: string, Action: string, Resource: string) => ({
  source: "identity" as const,
  holder,
  name: "policy",
  document: { Statement: { Effect: "Allow" as const, Action, Resource } },
});

describe("the graph of the pipeline", () => {
  const resources = [
    resource("Api", "aws:apigateway/restApi:RestApi", {
      executionArn: arn("api"),
      body: JSON.stringify({ paths: { "/raw": { put: { credentials: arn("upload-role") } } } }),
    }),
    resource("upload-role", "aws:iam/role:Role"),
    resource("Clock", "aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(1 hour)" }),
    resource("Listener", "aws:cloudwatch/eventRule:EventRule", { eventPattern: "{}" }),
    resource("Uploads", "aws:s3/bucket:Bucket"),
    resource("Images", "aws:s3/bucket:Bucket", { bucketRegionalDomainName: "images.s3.example" }),
    resource("Queue", "aws:sqs/queue:Queue"),
    resource("Queue-dead-letters", "aws:sqs/queue:Queue"),
    resource("Taker", "aws:lambda/function:Function", { role: arn("taker-role") }),
    resource("Asker", "aws:lambda/function:Function", { role: arn("asker-role") }),
    resource("Sweeper", "aws:lambda/function:Function", { role: arn("sweeper-role") }),
    resource("Bus", "aws:cloudwatch/eventBus:EventBus"),
    resource("Bus-dead-letters", "aws:sqs/queue:Queue"),
    resource("Elsewhere-dead-letters", "aws:sqs/queue:Queue"),
    resource("Edge", "aws:cloudfront/distribution:Distribution", {
      origins: [{ domainName: "images.s3.example" }, { domainName: "another.example" }],
    }),
    resource("role", "aws:iam/role:Role"),
    resource("hears", "aws:s3/bucketNotification:BucketNotification", {
      bucket: "Uploads",
      queues: [{ queueArn: arn("Queue") }],
    }),
    resource("asks", "aws:lambda/permission:Permission", { function: "Asker", sourceArn: `${arn("api")}/dev/GET/raw` }),
    resource("asks again", "aws:lambda/permission:Permission", {
      function: "Asker",
      sourceArn: `${arn("api")}/dev/HEAD/raw`,
    }),
    resource("ticks", "aws:lambda/permission:Permission", { function: "Sweeper", sourceArn: arn("Clock") }),
    resource("another's", "aws:lambda/permission:Permission", { function: "Taker", sourceArn: arn("elsewhere") }),
  ];
  const graph = graphOf(resources, [
    policy(arn("upload-role"), "s3:PutObject", `${arn("Uploads")}/images/*`),
    policy(arn("taker-role"), "sqs:ReceiveMessage", arn("Queue")),
    policy(arn("taker-role"), "sqs:DeleteMessage", arn("Queue")),
    policy(arn("taker-role"), "s3:PutObject", `${arn("Images")}/raw/*`),
    policy(arn("taker-role"), "sqs:SendMessage", arn("Queue-dead-letters")),
    policy(arn("taker-role"), "events:PutEvents", arn("Bus")),
    policy(arn("taker-role"), "sqs:SendMessage", arn("Bus-dead-letters")),
    policy(arn("taker-role"), "sqs:SendMessage", arn("Elsewhere-dead-letters")),
    policy(arn("taker-role"), "cloudfront:CreateInvalidation", arn("Edge")),
    policy(arn("asker-role"), "s3:GetObject", `${arn("Images")}/*`),
    policy(arn("asker-role"), "s3:PutObject", arn("elsewhere")),
    policy(arn("sweeper-role"), "sqs:SendMessage", arn("Queue")),
  ]);

  it("has the program's API, schedule, buckets, queues, functions, bus and distribution, from left to right", () => {
    expect(graph.parts.map(({ name, kind, column }) => [column, kind, name])).to.deep.equal([
      [0, "api", "Api"],
      [0, "schedule", "Clock"],
      [1, "bucket", "Uploads"],
      [4, "bucket", "Images"],
      [2, "queue", "Queue"],
      [3, "function", "Taker"],
      [1, "function", "Asker"],
      [1, "function", "Sweeper"],
      [4, "bus", "Bus"],
      [2, "queue", "Elsewhere-dead-letters"],
      [5, "distribution", "Edge"],
    ]);
  });

  it("tells when a schedule runs", () => {
    expect(graph.parts.flatMap(({ name, about }) => (about === undefined ? [] : [[name, about]]))).to.deep.equal([
      ["Clock", "rate(1 hour)"],
    ]);
  });

  it("has a line where a policy lets data go, a bucket notifies a queue, a distribution reads a bucket, or a function is invoked", () => {
    expect(graph.edges).to.deep.equal([
      { from: "Api", to: "Uploads" },
      { from: "Queue", to: "Taker" },
      { from: "Taker", to: "Images" },
      { from: "Taker", to: "Bus" },
      { from: "Taker", to: "Elsewhere-dead-letters" },
      { from: "Taker", to: "Edge" },
      { from: "Images", to: "Asker" },
      { from: "Sweeper", to: "Queue" },
      { from: "Uploads", to: "Queue" },
      { from: "Images", to: "Edge" },
      { from: "Api", to: "Asker" },
      { from: "Clock", to: "Sweeper" },
    ]);
  });

  it("places parts of a column below each other, near to those that they have a line to", () => {
    const rowOf = (name: string): number => graph.parts.find((part) => part.name === name)?.row ?? NaN;
    const apart = (one: string, other: string): number => Math.abs(rowOf(one) - rowOf(other));
    for (const { name, column, row } of graph.parts) {
      expect(row, name).to.be.at.least(0);
      for (const other of graph.parts)
        if (other.name !== name && other.column === column) expect(Math.abs(row - other.row)).to.be.above(0.99);
    }
    expect(rowOf("Queue")).to.be.below(rowOf("Elsewhere-dead-letters"));
    expect(apart("Clock", "Sweeper")).to.be.below(apart("Clock", "Uploads"));
    expect(Math.min(...graph.parts.map(({ row }) => row))).to.equal(0);
  });
});
