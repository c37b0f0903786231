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
    resource("Uploads", "aws:s3/bucket:Bucket"),
    resource("Images", "aws:s3/bucket:Bucket"),
    resource("Queue", "aws:sqs/queue:Queue"),
    resource("Queue-dead-letters", "aws:sqs/queue:Queue"),
    resource("Taker", "aws:lambda/function:Function", { role: arn("taker-role") }),
    resource("Asker", "aws:lambda/function:Function", { role: arn("asker-role") }),
    resource("Bus", "aws:cloudwatch/eventBus:EventBus"),
    resource("Bus-dead-letters", "aws:sqs/queue:Queue"),
    resource("role", "aws:iam/role:Role"),
    resource("hears", "aws:s3/bucketNotification:BucketNotification", {
      bucket: "Uploads",
      queues: [{ queueArn: arn("Queue") }],
    }),
  ];
  const graph = graphOf(resources, [
    policy(arn("taker-role"), "sqs:ReceiveMessage", arn("Queue")),
    policy(arn("taker-role"), "sqs:DeleteMessage", arn("Queue")),
    policy(arn("taker-role"), "s3:PutObject", `${arn("Images")}/raw/*`),
    policy(arn("taker-role"), "sqs:SendMessage", arn("Queue-dead-letters")),
    policy(arn("taker-role"), "events:PutEvents", arn("Bus")),
    policy(arn("taker-role"), "sqs:SendMessage", arn("Bus-dead-letters")),
    policy(arn("asker-role"), "s3:GetObject", `${arn("Images")}/*`),
    policy(arn("asker-role"), "s3:PutObject", arn("elsewhere")),
  ]);

  it("has the program's buckets, queues, functions and bus, from left to right", () => {
    expect(graph.parts).to.deep.equal([
      { name: "Uploads", kind: "bucket", column: 0 },
      { name: "Images", kind: "bucket", column: 3 },
      { name: "Queue", kind: "queue", column: 1 },
      { name: "Taker", kind: "function", column: 2 },
      { name: "Asker", kind: "function", column: 0 },
      { name: "Bus", kind: "bus", column: 3 },
      { name: "Bus-dead-letters", kind: "queue", column: 1 },
    ]);
  });

  it("has a line where a policy lets data go, and where a bucket notifies a queue", () => {
    expect(graph.edges).to.deep.equal([
      { from: "Queue", to: "Taker" },
      { from: "Taker", to: "Images" },
      { from: "Taker", to: "Bus" },
      { from: "Taker", to: "Bus-dead-letters" },
      { from: "Images", to: "Asker" },
      { from: "Uploads", to: "Queue" },
    ]);
  });
});
