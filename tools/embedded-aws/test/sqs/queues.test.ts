import { Readable } from "node:stream";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { failure, type SqsTest, startSqs } from "./support";

// Expected answers: Amazon SQS API Reference.
const everyone = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };

describe("SQS queues", () => {
  let test: SqsTest;
  beforeEach(async () => (test = await startSqs()));
  afterEach(() => test.close());

  const attributesOf = async (url: string, names: QueueAttributeName[] = ["All"]) =>
    (await test.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }))).Attributes;
  const set = (url: string, attributes: Partial<Record<string, string>>) =>
    test.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));

  it("have a URL with account and name, by which and by whose name they are found", async () => {
    const url = await test.queue("work");
    expect(url).to.equal(`${test.aws.url}/123456789012/work`);
    expect((await test.client.send(new GetQueueUrlCommand({ QueueName: "work" }))).QueueUrl).to.equal(url);
    const error = await failure(test.client.send(new GetQueueUrlCommand({ QueueName: "none" })));
    expect(error.name).to.equal("QueueDoesNotExist");
  });

  it("answer the query protocol in XML that it is not there (recorded: test_non_existent_queue asks in it)", async () => {
    const answer = await test.service.handle({
      method: "POST",
      path: "/",
      query: new URLSearchParams(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      service: "sqs",
      body: Readable.from("Action=GetQueueAttributes"),
      principal: { kind: "user", arn: "arn:aws:iam::123456789012:user/local", accountId: "123456789012" },
      requestId: "1",
      secure: true,
    });
    expect([answer.status, answer.headers["content-type"]]).to.deep.equal([501, "text/xml"]);
    expect(answer.body).to.include("<Code>NotImplemented</Code>");
  });

  it("answer AWS's default attributes", async () => {
    expect(await attributesOf(await test.queue("work"))).to.deep.equal({
      QueueArn: test.arn("work"),
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      CreatedTimestamp: "1767225600",
      LastModifiedTimestamp: "1767225600",
      VisibilityTimeout: "30",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      DelaySeconds: "0",
      ReceiveMessageWaitTimeSeconds: "0",
      SqsManagedSseEnabled: "true",
    });
  });

  it("change and answer single attributes", async () => {
    const url = await test.queue("work");
    test.clock.pass(7);
    await set(url, { VisibilityTimeout: "120" });
    expect(await attributesOf(url, ["VisibilityTimeout", "LastModifiedTimestamp"])).to.deep.equal({
      VisibilityTimeout: "120",
      LastModifiedTimestamp: "1767225607",
    });
  });

  for (const [name, value, error] of [
    ["VisibilityTimeout", "43201", "InvalidAttributeValue"],
    ["VisibilityTimeout", "soon", "InvalidAttributeValue"],
    ["MessageRetentionPeriod", "59", "InvalidAttributeValue"],
    ["DelaySeconds", "901", "InvalidAttributeValue"],
    ["MaximumMessageSize", "1048577", "InvalidAttributeValue"],
    ["ReceiveMessageWaitTimeSeconds", "21", "InvalidAttributeValue"],
    ["Policy", "no JSON", "InvalidAttributeValue"],
    ["Policy", '{"Statement":[]}', "InvalidAttributeValue"],
    ["Policy", JSON.stringify({ Statement: { ...everyone, NotPrincipal: "*" } }), "NotImplemented"],
    ["QueueArn", "arn", "InvalidAttributeName"],
    ["Colour", "red", "InvalidAttributeName"],
    ["RedrivePolicy", "{}", "InvalidParameterValue"],
    ["RedriveAllowPolicy", '{"redrivePermission":"some"}', "InvalidParameterValue"],
  ] as const) {
    it(`refuse ${name} ${value} and keep what they had`, async () => {
      const url = await test.queue("work");
      const before = await attributesOf(url);
      const thrown = await failure(set(url, { [name]: value }));
      expect(thrown.name).to.equal(error);
      expect(await attributesOf(url)).to.deep.equal(before);
    });
  }

  it("are created once: the same again is fine, different attributes are not", async () => {
    const url = await test.queue("work", { VisibilityTimeout: "60" });
    expect(await test.queue("work", { VisibilityTimeout: "60" })).to.equal(url);
    const error = await failure(test.queue("work", { VisibilityTimeout: "61" }));
    expect(error.name).to.equal("QueueNameExists");
    expect(error.message).to.contain("VisibilityTimeout");
  });

  it("refuse bad names, and FIFO queues by name", async () => {
    expect((await failure(test.queue("a b"))).name).to.equal("InvalidParameterValue");
    expect((await failure(test.queue("x".repeat(81)))).name).to.equal("InvalidParameterValue");
    const fifo = await failure(test.queue("work.fifo", { FifoQueue: "true" }));
    expect(fifo.$metadata?.httpStatusCode).to.equal(501);
    // Recorded: test_standard_queue_cannot_have_fifo_suffix, test_fifo_queue_requires_suffix.
    expect((await failure(test.queue("work.fifo"))).name).to.equal("InvalidParameterValue");
    expect((await failure(test.queue("work", { FifoQueue: "true" }))).name).to.equal("InvalidParameterValue");
  });

  it("know no attributes of FIFO queues (recorded: test_create_standard_queue_with_fifo_attribute_raises_error)", async () => {
    for (const [name, value, message] of [
      ["FifoQueue", "false", "Unknown Attribute FifoQueue."],
      ["ContentBasedDeduplication", "false", "Unknown Attribute ContentBasedDeduplication."],
      ["DeduplicationScope", "queue", "You can specify the DeduplicationScope only when FifoQueue is set to true."],
      [
        "FifoThroughputLimit",
        "perQueue",
        "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
      ],
    ] as const) {
      const error = await failure(test.queue("work", { [name]: value }));
      expect([error.name, error.message]).to.deep.equal(["InvalidAttributeName", message]);
    }
  });

  it("lose SQS's own encryption to a KMS key, for good (recorded: test_set_queue_attributes_default_values)", async () => {
    const url = await test.queue("work");
    const encryption: QueueAttributeName[] = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"];
    await set(url, { KmsMasterKeyId: "testKeyId", KmsDataKeyReusePeriodSeconds: "6000" });
    expect(await attributesOf(url, encryption)).to.deep.equal({
      KmsMasterKeyId: "testKeyId",
      KmsDataKeyReusePeriodSeconds: "6000",
      SqsManagedSseEnabled: "false",
    });
    await set(url, { KmsMasterKeyId: "", KmsDataKeyReusePeriodSeconds: "300" });
    expect(await attributesOf(url, encryption)).to.deep.equal({ SqsManagedSseEnabled: "false" });
  });

  it("are gone with their messages once deleted, and their name is free again after 60 seconds", async () => {
    const url = await test.queue("work");
    await test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" }));
    await test.client.send(new DeleteQueueCommand({ QueueUrl: url }));
    const send = test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "b" }));
    expect((await failure(send)).name).to.equal("QueueDoesNotExist");
    expect((await failure(test.queue("work"))).name).to.equal("QueueDeletedRecently");
    test.clock.pass(60);
    expect((await attributesOf(await test.queue("work")))?.ApproximateNumberOfMessages).to.equal("0");
  });

  it("are listed by prefix and in pages", async () => {
    for (const name of ["b2", "a1", "b1", "b3"]) await test.queue(name);
    const list = async (input: object) => {
      const { QueueUrls = [], NextToken } = await test.client.send(new ListQueuesCommand(input));
      return { names: QueueUrls.map((url) => url.split("/").pop()), NextToken };
    };
    expect((await list({})).names).to.deep.equal(["a1", "b1", "b2", "b3"]);
    const first = await list({ QueueNamePrefix: "b", MaxResults: 2 });
    expect(first.names).to.deep.equal(["b1", "b2"]);
    const second = await list({ QueueNamePrefix: "b", MaxResults: 2, NextToken: first.NextToken });
    expect(second).to.deep.equal({ names: ["b3"], NextToken: undefined });
    const none = await test.client.send(new ListQueuesCommand({ QueueNamePrefix: "nonexisting-queue-" }));
    expect(none).to.not.have.property("QueueUrls"); // Recorded: test_list_queues.
  });

  it("are purged of everything, at most once a minute", async () => {
    const url = await test.queue("work");
    for (const MessageBody of ["a", "b"])
      await test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    await test.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    await test.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await attributesOf(url)).to.include({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
    });
    expect((await failure(test.client.send(new PurgeQueueCommand({ QueueUrl: url })))).name).to.equal(
      "PurgeQueueInProgress",
    );
  });

  it("keep tags", async () => {
    const created = new CreateQueueCommand({ QueueName: "work", tags: { a: "1" } });
    const { QueueUrl } = await test.client.send(created);
    await test.client.send(new TagQueueCommand({ QueueUrl, Tags: { b: "2", c: "3" } }));
    await test.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["a", "c"] }));
    expect((await test.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).to.deep.equal({ b: "2" });
    await test.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["b"] }));
    const none = await test.client.send(new ListQueueTagsCommand({ QueueUrl }));
    expect(none).to.not.have.property("Tags"); // Recorded: test_tag_untag_queue.
  });

  it("name the queues whose dead letters they take", async () => {
    const dead = await test.queue("dead");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: test.arn("dead"), maxReceiveCount: 3 });
    const work = await test.queue("work", { RedrivePolicy });
    const answer = await test.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(answer.queueUrls).to.deep.equal([work]);
  });

  it("answer 501 with the operation's name for what is not implemented", async () => {
    const { service } = test;
    const { principal } = test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!;
    const { Readable } = await import("node:stream");
    const request = (headers: Record<string, string>, body: string) =>
      service.handle({
        service: "sqs",
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers,
        principal,
        body: Readable.from([Buffer.from(body)]),
        requestId: "id",
        secure: true,
      });
    const unknown = await request({ "x-amz-target": "AmazonSQS.AddPermission" }, "{}");
    expect([unknown.status, unknown.body]).to.satisfy(([status, body]: [number, string]) => {
      return status === 501 && body.includes("sqs:AddPermission");
    });
    expect((await request({}, "Action=SendMessage")).status).to.equal(501);
    expect((await request({ "x-amz-target": "AmazonSQS.ListQueues" }, "[1]")).status).to.equal(400);
  });
});
