import { expect } from "chai";
import {
  createEventSourceMappings,
  type EventSourceMappings,
  type EventSourceMappingsOptions,
  type MappingDeclaration,
} from "../../lambda/eventSourceMappings";
import type { LambdaOptions } from "../../lambda/lambda";
import { type LambdaTest, startLambda } from "./support";

// AWS Lambda Developer Guide, "Using Lambda with Amazon SQS".
describe("Event source mappings", () => {
  let test: LambdaTest;
  let mappings: EventSourceMappings;

  const begin = async (
    lambdaOptions: Partial<LambdaOptions> = {},
    options: Partial<EventSourceMappingsOptions> = {},
  ): Promise<void> => {
    test = await startLambda(lambdaOptions);
    const { lambda, sqs, announced } = test;
    const announce = (line: string): void => void announced.push(line);
    mappings = createEventSourceMappings({
      lambda,
      sqs,
      iam: test.aws.iam,
      announce,
      retrySeconds: () => 0,
      ...options,
    });
    sqs.declareQueue({ name: "dead", attributes: {} });
  };
  afterEach(async () => {
    await mappings.close();
    await test.close();
  });

  const queueArn = (name = "work"): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
  const send = (...bodies: string[]): void => {
    for (const body of bodies) test.sqs.deliver(queueArn(), body, test.owner);
  };
  /** Declares queue, function and mapping, with the grants that polling needs. */
  const declare = async (
    source: string,
    more: Partial<MappingDeclaration> = {},
    { attributes = {}, timeoutSeconds = 5, grant = true } = {},
  ): Promise<void> => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 3 });
    test.sqs.declareQueue({ name: "work", attributes: { VisibilityTimeout: "30", RedrivePolicy, ...attributes } });
    await test.declare("worker", source, { timeoutSeconds });
    const Action = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) => `sqs:${action}`);
    const Statement = { Effect: "Allow" as const, Action, Resource: queueArn() };
    if (grant) test.aws.iam.putRolePolicy("worker-role", "poll", { Statement });
    mappings.declareMapping({ uuid: "m", eventSourceArn: queueArn(), functionName: "worker", ...more });
  };
  const printed = (): string[] => test.lines.flatMap((line) => line.split("\tINFO\t").slice(1));
  const printBodies = "exports.handler = async ({ Records }) => console.log(Records.map((r) => r.body).sort().join());";

  it("hand batches to the function and delete what it finished", async () => {
    await begin();
    await declare(printBodies);
    send("a", "b", "c");
    mappings.start();
    await mappings.whenIdle();
    expect(printed()).to.deep.equal(["a,b,c"]);
    expect(test.sqs.counts(queueArn())).to.deep.equal({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("start at once for messages that come later", async () => {
    await begin();
    await declare(printBodies);
    mappings.start();
    await mappings.whenIdle();
    send("later");
    await mappings.whenIdle();
    expect(printed()).to.deep.equal(["later"]);
  });

  it("give records the form of AWS's documentation", async () => {
    await begin();
    await declare("exports.handler = async (event) => console.log(JSON.stringify(event));");
    const url = `${test.aws.url}/123456789012/work`;
    const { SendMessageCommand } = await import("@aws-sdk/client-sqs");
    const sent = await test.aws.sqs().send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: "body",
        MessageAttributes: { kind: { DataType: "String", StringValue: "photo" } },
      }),
    );
    mappings.start();
    await mappings.whenIdle();
    const { Records } = JSON.parse(printed()[0]!) as { Records: Record<string, unknown>[] };
    const { receiptHandle, attributes, ...record } = Records[0]!;
    expect(receiptHandle).to.be.a("string");
    expect(attributes).to.include({ ApproximateReceiveCount: "1" });
    expect(attributes).to.have.all.keys(
      ...["ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"],
    );
    expect(record).to.deep.equal({
      messageId: sent.MessageId,
      body: "body",
      messageAttributes: {
        kind: { stringValue: "photo", stringListValues: [], binaryListValues: [], dataType: "String" },
      },
      md5OfMessageAttributes: sent.MD5OfMessageAttributes,
      md5OfBody: sent.MD5OfMessageBody,
      eventSource: "aws:sqs",
      eventSourceARN: queueArn(),
      awsRegion: "eu-central-1",
    });
  });

  it("never exceed the batch size", async () => {
    await begin({ maxConcurrent: 1 });
    await declare("exports.handler = async ({ Records }) => console.log(Records.length);", { batchSize: 2 });
    send("a", "b", "c", "d", "e");
    mappings.start();
    await mappings.whenIdle();
    expect(
      printed()
        .map(Number)
        .every((count) => count <= 2),
    ).to.equal(true);
    expect(
      printed()
        .map(Number)
        .reduce((a, b) => a + b),
    ).to.equal(5);
  });

  it("gather messages for the batching window, until the batch is full", async () => {
    await begin();
    await declare(printBodies, { batchSize: 3, batchingWindowSeconds: 20 });
    mappings.start();
    send("a");
    await new Promise((resolve) => setImmediate(resolve));
    send("b");
    await new Promise((resolve) => setImmediate(resolve));
    send("c");
    await mappings.whenIdle();
    expect(printed()).to.deep.equal(["a,b,c"]);
  }).timeout(10_000);

  it("never run more batches at once than the maximum concurrency", async () => {
    await begin({ maxConcurrent: 8 });
    const source =
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 30)); console.log(process.pid); };";
    await declare(source, { batchSize: 1, maximumConcurrency: 2 });
    send("a", "b", "c", "d", "e", "f");
    mappings.start();
    await mappings.whenIdle();
    expect(printed()).to.have.length(6);
    expect(new Set(printed()).size).to.equal(2);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
  it("count a batch that the account's limit throttles as received, up to the dead-letter queue", async () => {
    await begin({ accountConcurrency: 1 });
    await declare(printBodies);
    await test.declare("long", "exports.handler = () => new Promise(() => console.log('begun'));", {
      timeoutSeconds: 60,
    });
    const running = new Promise<void>((resolve) => {
      test.logs.onLine((_group, line) => {
        if (line.endsWith("begun")) resolve();
      });
    });
    const long = test.invoke("long");
    await running;
    const buried = new Promise<void>((resolve) => {
      test.sqs.onChange(() => {
        if (test.sqs.counts(queueArn("dead")).visible === 1) resolve();
      });
    });
    send("never ran");
    mappings.start();
    await buried;
    expect(printed()).to.deep.equal(["begun"]);
    expect(await test.invoke("worker").catch((error: unknown) => error)).to.deep.include({
      code: "TooManyRequestsException",
      status: 429,
      details: { Reason: "ConcurrentInvocationLimitExceeded" },
    });
    test.lambda.killEnvironment();
    await long;
  });

  it("retry what failed, and only that, when the function reports items", async () => {
    await begin();
    const source = `exports.handler = async ({ Records }) => {
      for (const r of Records) console.log(r.body + r.attributes.ApproximateReceiveCount);
      const failed = Records.filter((r) => r.body === "bad" && r.attributes.ApproximateReceiveCount === "1");
      return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
    };`;
    await declare(source, { functionResponseTypes: ["ReportBatchItemFailures"] });
    send("good", "bad");
    mappings.start();
    await mappings.whenIdle();
    expect(printed()).to.deep.equal(["good1", "bad1", "bad2"]);
  });

  it("delete everything for a returned statusCode 500, and nothing for an error", async () => {
    await begin();
    await declare(
      `exports.handler = async ({ Records: [r] }) => {
      console.log(r.body + r.attributes.ApproximateReceiveCount);
      if (r.body === "throw") throw new Error("no"); return { statusCode: 500 };
    };`,
      { batchSize: 1 },
    );
    send("return", "throw");
    mappings.start();
    await mappings.whenIdle();
    expect(printed().sort()).to.deep.equal(["return1", "throw1", "throw2", "throw3"]);
    expect(test.sqs.counts(queueArn("dead")).visible).to.equal(1);
  });

  it("leave failed messages to their visibility timeout, as AWS does, unless told otherwise", async () => {
    await begin({}, { retrySeconds: undefined });
    await declare("exports.handler = async () => { throw new Error('no'); };");
    send("a");
    const ended = new Promise<void>((resolve) => {
      test.logs.onLine((_group, line) => {
        if (line.startsWith("REPORT")) resolve();
      });
    });
    mappings.start();
    await ended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.sqs.counts(queueArn())).to.deep.equal({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it("bring messages of a killed environment back", async () => {
    await begin();
    await declare(`exports.handler = async ({ Records: [r] }) => {
      console.log("begun" + r.attributes.ApproximateReceiveCount);
      if (r.attributes.ApproximateReceiveCount === "1") await new Promise(() => 0);
    };`);
    send("a");
    const end = test.logs.onLine((_group, line) => {
      if (line.endsWith("begun1")) test.lambda.killEnvironment();
    });
    mappings.start();
    await mappings.whenIdle();
    end();
    expect(printed()).to.deep.equal(["begun1", "begun2"]);
  });

  it("do nothing while disabled", async () => {
    await begin();
    await declare(printBodies, { enabled: false });
    send("a");
    mappings.start();
    await mappings.whenIdle();
    expect(test.sqs.counts(queueArn()).visible).to.equal(1);
  });

  it("stop at once when they are closed, also with a batch under way", async () => {
    await begin();
    await declare("exports.handler = async () => { console.log('begun'); await new Promise(() => 0); };");
    send("a");
    const begun = new Promise<void>((resolve) => {
      test.logs.onLine((_group, line) => {
        if (line.endsWith("begun")) resolve();
      });
    });
    mappings.start();
    await begun;
    const waiting = mappings.whenIdle().catch((error: unknown) => error);
    await mappings.close();
    await test.lambda.close();
    expect(await waiting).to.be.an("error");
    expect(test.sqs.counts(queueArn()).inFlight).to.equal(1);
    expect(test.announced).to.deep.equal([]);
  });

  it("leave the queue alone once they are closed, even when a batch ends well after that", async () => {
    await begin();
    await declare(
      "exports.handler = async () => { console.log('begun'); await new Promise((r) => setTimeout(r, 50)); };",
    );
    send("a");
    const line = (text: string): Promise<void> =>
      new Promise((resolve) => {
        test.logs.onLine((_group, printed) => {
          if (printed.includes(text)) resolve();
        });
      });
    const [begun, ended] = [line("begun"), line("REPORT")];
    mappings.start();
    await begun;
    await mappings.close();
    await ended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.sqs.counts(queueArn()).inFlight).to.equal(1);
  });

  describe("are refused", () => {
    const refusal = async (...[more, options]: [Partial<MappingDeclaration>, object?]): Promise<string> => {
      await begin();
      try {
        await declare(printBodies, more, options);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error("it was not refused");
    };

    it("for a visibility timeout shorter than the function's timeout", async () => {
      const options = { attributes: { VisibilityTimeout: "4" }, timeoutSeconds: 5 };
      expect(await refusal({}, options)).to.equal(
        "Queue visibility timeout: 4 seconds is less than Function timeout: 5 seconds",
      );
    });
    it("for batches over 10 without a window", async () => {
      expect(await refusal({ batchSize: 11 })).to.contain("Maximum batch window");
    });
    it("for a batch size out of range", async () => {
      expect(await refusal({ batchSize: 10_001, batchingWindowSeconds: 1 })).to.contain("10001");
    });
    it("for a maximum concurrency under 2", async () => {
      expect(await refusal({ maximumConcurrency: 1 })).to.contain("MaximumConcurrency is 1");
    });
    it("for a queue that does not exist, and for other sources", async () => {
      expect(await refusal({ eventSourceArn: queueArn("none") })).to.contain("The specified queue does not exist");
      await mappings.close();
      await test.close();
      expect(await refusal({ eventSourceArn: "arn:aws:kinesis:x:1:stream/s" })).to.contain("not implement");
    });
    it("for an unknown response type", async () => {
      expect(await refusal({ functionResponseTypes: ["Magic"] })).to.contain("Magic");
    });
    it("at the start, when the function's role may not poll", async () => {
      await begin();
      await declare(printBodies, {}, { grant: false });
      expect(() => mappings.start()).to.throw(/does not have permissions to call ReceiveMessage on SQS/);
    });
  });
});
