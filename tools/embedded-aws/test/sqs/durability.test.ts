import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand, SendMessageCommand, TagQueueCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { inTransaction } from "../../database";
import { type SqsTest, startSqs } from "./support";

describe("SQS after a restart", () => {
  let folder: string;
  let test: SqsTest;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sqs-"));
    test = await startSqs({ database: join(folder, "aws.sqlite") });
  });
  afterEach(async () => {
    await test.close();
    rmSync(folder, { recursive: true });
  });
  const restart = async () => {
    const { time } = test.clock;
    await test.close();
    test = await startSqs({ database: join(folder, "aws.sqlite") });
    test.clock.time = time;
  };
  const owner = () => test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!.principal;
  const hold = () => test.service.receive(test.arn("work"), { max: 10, waitSeconds: 0, principal: owner() });

  it("has its queues, attributes, tags and messages", async () => {
    const url = await test.queue("work", { VisibilityTimeout: "77" });
    await test.client.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: "1" } }));
    await test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "kept" }));
    await restart();
    expect(test.service.attributesOf(test.arn("work"))).to.include({ VisibilityTimeout: "77" });
    expect((await hold()).map(({ body }) => body)).to.deep.equal(["kept"]);
  });

  it("shows again at once what event source mappings had in flight, and counts that receive", async () => {
    const url = await test.queue("work");
    await test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" }));
    await hold();
    await restart();
    expect((await hold()).map(({ attributes }) => attributes.ApproximateReceiveCount)).to.deep.equal(["2"]);
  });

  it("leaves in flight what other consumers received, and honours their receipt handles", async () => {
    const url = await test.queue("work");
    await test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" }));
    const { Messages = [] } = await test.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    await restart();
    expect(test.service.counts(test.arn("work")).inFlight).to.equal(1);
    test.service.delete(test.arn("work"), [Messages[0]!.ReceiptHandle!], owner());
    expect(test.service.counts(test.arn("work")).inFlight).to.equal(0);
  });

  it("keeps messages when a queue is declared again, and gives it the new attributes", async () => {
    test.service.declareQueue({ name: "work", attributes: { VisibilityTimeout: "10", DelaySeconds: "5" } });
    test.service.deliver(test.arn("work"), "a", owner());
    await restart();
    test.service.declareQueue({ name: "work", attributes: { VisibilityTimeout: "20" } });
    expect(test.service.attributesOf(test.arn("work"))).to.include({ VisibilityTimeout: "20", DelaySeconds: "0" });
    expect(test.service.counts(test.arn("work")).delayed).to.equal(1);
  });

  it("has no message of a transaction that was rolled back", async () => {
    await test.queue("work");
    const broken = () =>
      inTransaction(test.aws.db, () => {
        test.service.deliver(test.arn("work"), "a", owner());
        throw new Error("broken");
      });
    expect(broken).to.throw("broken");
    expect(test.service.counts(test.arn("work")).visible).to.equal(0);
  });

  it("delivers a message twice when faults are injected, under one message id", async () => {
    await test.close();
    test = await startSqs({ duplicate: () => true });
    await test.queue("work");
    test.service.deliver(test.arn("work"), "a", owner());
    const messages = await hold();
    expect(messages.map(({ body }) => body)).to.deep.equal(["a", "a"]);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).to.equal(1);
    expect(new Set(messages.map(({ receiptHandle }) => receiptHandle)).size).to.equal(2);
  });
});
