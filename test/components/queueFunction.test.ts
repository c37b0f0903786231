import { expect } from "chai";

import { QueueFunction, type QueueFunctionArgs } from "../../components/queueFunction";
import { functions } from "../support/functions";
import { declare, type Stack } from "../support/pulumi";

const args: QueueFunctionArgs<unknown, unknown> = {
  ...functions,
  functionName: "ResizeProcess",
  handler: () => async () => ({ batchItemFailures: [] }),
  environment: { SIZE: "large" },
  grants: { ReadPolicy: [{ actions: ["s3:GetObject"], on: "arn:aws:s3:::photos/*" }] },
  timeoutSeconds: 20,
  memoryMiB: 512,
  batchSize: 4,
  maximumConcurrency: 7,
};
const withArgs = (more: Partial<typeof args>, name = "ResizeQueue") =>
  declare(() => new QueueFunction(name, { ...args, ...more }));
const queueArn = "arn:aws:sqs:eu-west-1:123456789012:ResizeQueue";
const deadLetterArn = `${queueArn}-dead-letters`;
const tlsOnly = (Resource: string) => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: [Resource],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

describe("QueueFunction", () => {
  let stack: Stack;
  before(async () => {
    stack = await withArgs({});
  });

  it("keeps a message hidden for six times the function's timeout, and tries it ten times", () => {
    expect(stack.inputs("Queue", "ResizeQueue")).to.deep.equal({
      messageRetentionSeconds: 345_600,
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: 120,
      redrivePolicy: { deadLetterTargetArn: deadLetterArn, maxReceiveCount: 10 },
    });
  });

  it("keeps what could not be finished for longer than a message can wait", () => {
    expect(stack.inputs("Queue", "ResizeQueue-dead-letters")).to.deep.equal({
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
  });

  it("lets no other queue use the dead-letter queue", () => {
    expect(stack.one("RedriveAllowPolicy").given.queueUrl).to.equal(
      stack.one("Queue", "ResizeQueue-dead-letters").state.url,
    );
    expect(stack.legible(stack.one("RedriveAllowPolicy").given.redriveAllowPolicy)).to.deep.equal({
      redrivePermission: "byQueue",
      sourceQueueArns: [queueArn],
    });
  });

  it("takes messages over TLS only", () => {
    for (const [name, arn] of [
      ["ResizeQueue", queueArn],
      ["ResizeQueue-dead-letters", deadLetterArn],
    ] as const) {
      const policy = stack.one("QueuePolicy", `${name}-policy`);
      expect(policy.given.queueUrl).to.equal(stack.one("Queue", name).state.url);
      expect(stack.legible(policy.given.policy)).to.deep.equal({ Version: "2012-10-17", Statement: [tlsOnly(arn)] });
    }
  });

  it("accepts the notifications of one bucket of its own account", async () => {
    const notified = await withArgs({ notifiedBy: { arn: "arn:aws:s3:::uploads" } });
    expect(notified.legible(notified.one("QueuePolicy", "ResizeQueue-policy").given.policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        tlsOnly(queueArn),
        {
          Sid: "Notifications",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queueArn,
          Condition: {
            ArnEquals: { "aws:SourceArn": "arn:aws:s3:::uploads" },
            StringEquals: { "aws:SourceAccount": "123456789012" },
          },
        },
      ],
    });
  });

  it("hands batches to the function, which reports what failed", () => {
    expect(stack.inputs("EventSourceMapping")).to.deep.equal({
      eventSourceArn: queueArn,
      functionName: "ResizeProcess",
      batchSize: 4,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 7 },
    });
  });

  it("starts to hand out messages only when the function has its rights", () => {
    expect(stack.dependencies("EventSourceMapping")).to.include.members([
      "ResizeProcess-PollResizeQueuePolicy",
      "ResizeProcess-ReadPolicy",
    ]);
  });

  it("lets the function consume its queue, bury messages and bring their retries forward, log, trace, and what its caller granted; nothing else", () => {
    const allow = (Action: string[], Resource: string) => [{ Effect: "Allow", Action, Resource }];
    expect(stack.policies("ResizeProcess-role")).to.deep.equal({
      FunctionLogsPolicy: allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "arn:aws:logs:eu-west-1:123456789012:log-group:ResizeProcess-log:log-stream:*",
      ),
      PollResizeQueuePolicy: allow(
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        queueArn,
      ),
      ReadPolicy: allow(["s3:GetObject"], "arn:aws:s3:::photos/*"),
      SendResizeQueueDeadLettersPolicy: allow(["sqs:SendMessage"], deadLetterArn),
      XRayPolicy: allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
    });
  });

  it("tells the function its queue, and when and where dead letters go", () => {
    const { variables } = stack.one("Function").given.environment as { variables: Record<string, string> };
    expect(variables).to.include({
      SIZE: "large",
      QUEUE_URL: stack.one("Queue", "ResizeQueue").state.url,
      MAX_RECEIVE_COUNT: "10",
      DEAD_LETTER_QUEUE_URL: stack.one("Queue", "ResizeQueue-dead-letters").state.url,
    });
  });

  it("raises an alarm when a message is given up or about to expire, and when messages wait for a quarter of an hour", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    const alarmed = await withArgs({ alarms: { actions: [topic as never], names: [], arns: [] } });
    const common = {
      namespace: "AWS/SQS",
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
    };
    expect(alarmed.inputs("MetricAlarm", "ResizeQueue-dead-letters-alarm")).to.deep.equal({
      ...common,
      alarmDescription:
        "ResizeQueue gave up on messages: they wait in its dead-letter queue. What to do: docs/operating.md#alarm-dead-letters",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "ResizeQueue-dead-letters" },
      threshold: 0,
    });
    expect(alarmed.inputs("MetricAlarm", "ResizeQueue-dead-letters-age-alarm")).to.deep.equal({
      ...common,
      alarmDescription:
        "A dead letter of ResizeQueue is 7 days old: it expires up to 14 days after it was first sent. What to do: docs/operating.md#alarm-dead-letters-age",
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "ResizeQueue-dead-letters" },
      threshold: 604_800,
    });
    expect(alarmed.inputs("MetricAlarm", "ResizeQueue-age-alarm")).to.deep.equal({
      ...common,
      alarmDescription:
        "Messages wait in ResizeQueue for more than 15 minutes. What to do: docs/operating.md#alarm-age",
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "ResizeQueue" },
      threshold: 900,
    });
  });

  it("has no other children, and is the ancestor of all", () => {
    const children = stack.resources.filter(({ type }) => type !== "snail:index:QueueFunction");
    expect(children.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`)).to.have.members([
      "Queue ResizeQueue",
      "Queue ResizeQueue-dead-letters",
      "RedriveAllowPolicy ResizeQueue-redrive",
      "QueuePolicy ResizeQueue-policy",
      "QueuePolicy ResizeQueue-dead-letters-policy",
      "MetricAlarm ResizeQueue-dead-letters-alarm",
      "MetricAlarm ResizeQueue-dead-letters-age-alarm",
      "MetricAlarm ResizeQueue-age-alarm",
      "MetricAlarm ResizeProcess-errors-alarm",
      "MetricAlarm ResizeProcess-throttles-alarm",
      "EventSourceMapping ResizeQueue-mapping",
      "ImageFunction ResizeProcess",
      "Function ResizeProcess",
      "LogGroup ResizeProcess-log",
      "Role ResizeProcess-role",
      "RolePolicy ResizeProcess-FunctionLogsPolicy",
      "RolePolicy ResizeProcess-PollResizeQueuePolicy",
      "RolePolicy ResizeProcess-ReadPolicy",
      "RolePolicy ResizeProcess-SendResizeQueueDeadLettersPolicy",
      "RolePolicy ResizeProcess-XRayPolicy",
    ]);
    for (const child of children) expect(stack.ancestors(child).at(-1)).to.equal("QueueFunction ResizeQueue");
  });

  it("fits twice into one stack", async () => {
    const two = await declare(() => {
      new QueueFunction("ResizeQueue", args);
      new QueueFunction("EraseQueue", { ...args, functionName: "EraseProcess" });
    });
    const names = two.resources.map(({ type, name }) => `${type} ${name}`);
    expect(names).to.have.lengthOf(new Set(names).size);
    expect(names).to.have.lengthOf(2 * stack.resources.length);
  });

  for (const [argument, value, range] of [
    ["batchSize", 0, "1 to 10"],
    ["batchSize", 11, "1 to 10"],
    ["maximumConcurrency", 1, "2 to 1000"],
    ["maximumConcurrency", 1001, "2 to 1000"],
    ["timeoutSeconds", 0, "1 to 900"],
    ["timeoutSeconds", 900.5, "1 to 900"],
  ] as const) {
    it(`refuses ${argument} ${value} and declares nothing`, async () => {
      const refused = await declare(() => {
        expect(() => new QueueFunction("ResizeQueue", { ...args, [argument]: value })).to.throw(
          RangeError,
          `QueueFunction "ResizeQueue": ${argument} must be a whole number from ${range}; got ${value}`,
        );
      });
      expect(refused.resources).to.be.empty;
    });
  }
});
