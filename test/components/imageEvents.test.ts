import { expect } from "chai";

import { ImageEvents } from "../../components/imageEvents";
import { ImageStore } from "../../components/imageStore";
import { patternOf } from "../../tools/embedded-aws";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const allow = (Action: string[], Resource: string) => ({ Effect: "Allow", Action, Resource });

describe("ImageEvents", () => {
  let stack: Stack;
  before(async () => {
    stack = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false });
      new ImageEvents("events", { prefix: "", store, functions, keepData: true });
    });
  });
  const stream = (): string => String(stack.one("Table").state.streamArn);

  it("may read the table's stream, announce on its own bus, and nothing else", () => {
    expect(stream()).to.match(/^arn:aws:dynamodb:eu-west-1:123456789012:table\/ImageMetadata[^/]*\/stream\//);
    expect(stack.policies("ImageEventProcess-role")).to.deep.equal({
      FunctionLogsPolicy: [
        allow(
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          arn("logs", "log-group:ImageEventProcess-log:log-stream:*"),
        ),
      ],
      XRayPolicy: [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")],
      ReadImageMetadataStreamPolicy: [
        allow(
          ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          arn("dynamodb", `table/ImageMetadata/stream/${stream().split("/stream/")[1] ?? ""}`),
        ),
        allow(["dynamodb:ListStreams"], "*"),
      ],
      PutImageEventsPolicy: [allow(["events:PutEvents"], arn("events", "event-bus/ImageEvents-test"))],
      SendImageEventsDeadLettersPolicy: [allow(["sqs:SendMessage"], arn("sqs", "ImageEvents-dead-letters"))],
    });
  });

  it("knows where renditions are served if there is a distribution", async () => {
    const variablesOf = (declared: Stack) =>
      (declared.one("Function").given.environment as { variables: Record<string, string> }).variables;
    expect(variablesOf(stack)).to.not.have.property("DELIVERY_URL");
    const domain = { name: "images.example.com", certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c" };
    const delivering = await declare(() => {
      const store = new ImageStore("store", { prefix: "", keepData: false, delivery: { domain } });
      new ImageEvents("events", { prefix: "", store, functions });
    });
    expect(variablesOf(delivering)).to.include({ DELIVERY_URL: "https://images.example.com" });
    expect(delivering.policies("ImageEventProcess-role")).to.have.all.keys(
      Object.keys(stack.policies("ImageEventProcess-role")),
    );
  });

  it("tries a change until an hour before the stream forgets it, and then says so in the dead-letter queue", () => {
    const { filterCriteria, ...mapping } = stack.one("EventSourceMapping").given;
    expect(mapping).to.deep.include({
      eventSourceArn: stream(),
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: 82_800,
      destinationConfig: { onFailure: { destinationArn: stack.one("Queue").state.arn } },
    });
    const [filter] = (filterCriteria as { filters: { pattern: string }[] }).filters;
    const passes = patternOf(filter?.pattern ?? "");
    const Keys = { original: { S: "a.jpg" }, imageType: { S: "raw" } };
    const NewImage = { ...Keys, id: { S: "id" } };
    expect(passes({ dynamodb: { Keys, NewImage } })).to.equal(true);
    expect(passes({ dynamodb: { Keys, OldImage: NewImage } }), "removed by its time to live").to.equal(false);
    const position = { original: { S: "/sweep" }, imageType: { S: "position" } };
    expect(passes({ dynamodb: { Keys: position, NewImage: position } }), "the sweep's position").to.equal(false);
  });

  it("keeps dead letters as long as it can, protected and over TLS alone", () => {
    const queue = stack.one("Queue");
    expect(queue.protect).to.equal(true);
    expect(queue.given).to.deep.include({ messageRetentionSeconds: 14 * 24 * 60 * 60, sqsManagedSseEnabled: true });
    const { redriveAllowPolicy } = stack.one("RedriveAllowPolicy").given;
    expect(redriveAllowPolicy).to.equal('{"redrivePermission":"denyAll"}');
    expect(JSON.parse(String(stack.one("QueuePolicy").given.policy))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: [queue.state.arn],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("raises an alarm long before a change is forgotten", () => {
    const { metricName, namespace, threshold, dimensions } = stack.one("MetricAlarm", "ImageEvents-age-alarm").given;
    expect({ metricName, namespace, threshold, dimensions }).to.deep.equal({
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      threshold: 3_600_000,
      dimensions: { FunctionName: stack.one("Function").state.name },
    });
    expect(stack.all("MetricAlarm").map(({ name }) => name)).to.include.members([
      "ImageEvents-dead-letters-alarm",
      "ImageEvents-dead-letters-age-alarm",
    ]);
  });
});
