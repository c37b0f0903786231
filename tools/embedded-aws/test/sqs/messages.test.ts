import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { inTransaction } from "../../database";
import { failure, type SqsTest, startSqs } from "./support";

// Expected answers: Amazon SQS API Reference and Developer Guide, as documented for standard queues.
describe("SQS messages", () => {
  let test: SqsTest;
  let url: string;
  beforeEach(async () => {
    test = await startSqs();
    url = await test.queue("work");
  });
  afterEach(() => test.close());

  const send = (body: string, more: object = {}) =>
    test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...more }));
  const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
    (await test.client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...more }))).Messages ??
    [];
  const counts = async () => {
    const answer = await test.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
    const attributes: Record<string, string> = answer.Attributes ?? {};
    return ["", "NotVisible", "Delayed"].map((kind) => Number(attributes[`ApproximateNumberOfMessages${kind}`]));
  };

  it("delivers a body unchanged, with the MD5 that the SDK checks", async () => {
    const body = 'Zürich "2" \u{1F40C}\n\t<xml/>';
    const sent = await send(body);
    const [message] = await receive();
    expect(message?.Body).to.equal(body);
    expect(message?.MessageId).to.equal(sent.MessageId);
    expect(message?.MD5OfBody).to.equal(sent.MD5OfMessageBody);
    expect(message).to.not.have.property("Attributes");
  });

  it("answers an empty queue without a list", async () => {
    const answer = await test.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(answer.Messages).to.equal(undefined);
  });

  it("delivers one message unless asked for more, and never more than asked for", async () => {
    for (const body of ["a", "b", "c"]) await send(body);
    expect(await receive({ MaxNumberOfMessages: undefined })).to.have.length(1);
    expect(await receive({ MaxNumberOfMessages: 10 })).to.have.length(2);
    const error = await failure(receive({ MaxNumberOfMessages: 11 }));
    expect(error.name).to.equal("InvalidParameterValue");
  });

  it("says when and how often a message was received, and who sent it", async () => {
    await send("a");
    test.clock.pass(5);
    await receive({ VisibilityTimeout: 10 });
    test.clock.pass(10);
    const [again] = await receive({ MessageSystemAttributeNames: ["All"] });
    const sentAt = Date.UTC(2026, 0, 1);
    expect(again?.Attributes).to.include({
      ApproximateReceiveCount: "2",
      SentTimestamp: String(sentAt),
      ApproximateFirstReceiveTimestamp: String(sentAt + 5000),
    });
    expect(again?.Attributes?.SenderId).to.match(/^AIDA[0-9A-F]{16}$/);
  });

  it("answers only the system attributes that were asked for, under their old parameter name too", async () => {
    await send("a");
    const [message] = await receive({ AttributeNames: ["ApproximateReceiveCount" as QueueAttributeName] });
    expect(message?.Attributes).to.deep.equal({ ApproximateReceiveCount: "1" });
  });

  it("hides a received message for the visibility timeout", async () => {
    await send("a");
    await receive({ VisibilityTimeout: 30 });
    test.clock.pass(29.999);
    expect(await receive()).to.have.length(0);
    test.clock.pass(0.001);
    expect(await receive()).to.have.length(1);
  });

  it("delays a message by its own delay or the queue's", async () => {
    url = await test.queue("slow", { DelaySeconds: "60" });
    await send("own", { DelaySeconds: 5 });
    await send("queue's");
    expect(await counts()).to.deep.equal([0, 0, 2]);
    test.clock.pass(5);
    expect((await receive()).map(({ Body }) => Body)).to.deep.equal(["own"]);
    test.clock.pass(55);
    expect((await receive()).map(({ Body }) => Body)).to.include("queue's");
  });

  it("counts what is visible, in flight and delayed", async () => {
    for (const body of ["a", "b", "c"]) await send(body);
    await send("later", { DelaySeconds: 900 });
    await receive({ MaxNumberOfMessages: 2 });
    expect(await counts()).to.deep.equal([1, 2, 1]);
  });

  it("forgets messages after the retention period, received or not", async () => {
    url = await test.queue("short", { MessageRetentionPeriod: "60" });
    await send("a");
    await send("b");
    await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 1 });
    test.clock.pass(60);
    expect(await receive()).to.have.length(0);
    expect(await counts()).to.deep.equal([0, 0, 0]);
  });

  describe("long polling", function () {
    this.timeout(10_000); // Less than the longest poll: who is not woken fails.

    it("answers as soon as a message is sent", async () => {
      const waiting = receive({ WaitTimeSeconds: 20 });
      await send("now");
      expect((await waiting).map(({ Body }) => Body)).to.deep.equal(["now"]);
    });

    it("answers as soon as a service delivers a message, though its transaction is still open then", async () => {
      const { principal } = test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!;
      const waiting = test.service.receive(test.arn("work"), { max: 10, waitSeconds: 20, principal });
      inTransaction(test.aws.db, () => test.service.deliver(test.arn("work"), "event", principal));
      expect((await waiting).map(({ body }) => body)).to.deep.equal(["event"]);
    });

    it("takes no message for a client that is gone", async () => {
      const gone = new AbortController();
      const polling = { QueueUrl: url, WaitTimeSeconds: 20 };
      const abandoned = test.client.send(new ReceiveMessageCommand(polling), { abortSignal: gone.signal });
      const outcome = abandoned.catch((error: unknown) => (error as Error).name);
      const waiting = receive({ WaitTimeSeconds: 20 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      gone.abort();
      expect(await outcome).to.equal("AbortError");
      await send("a");
      expect((await waiting).map(({ Body }) => Body)).to.deep.equal(["a"]);
    });

    it("ends with nothing when its signal aborts", async () => {
      const { principal } = test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!;
      const stop = new AbortController();
      const options = { max: 10, waitSeconds: 20, principal, signal: stop.signal };
      const waiting = test.service.receive(test.arn("work"), options);
      stop.abort();
      expect(await waiting).to.deep.equal([]);
    });

    it("answers when a delayed message becomes visible", async () => {
      const own = await startSqs({ now: Date.now });
      try {
        url = await own.queue("real");
        const command = { QueueUrl: url, MessageBody: "later", DelaySeconds: 1 };
        await own.client.send(new SendMessageCommand(command));
        const wait = { QueueUrl: url, WaitTimeSeconds: 20 };
        const answer = await own.client.send(new ReceiveMessageCommand(wait));
        expect(answer.Messages?.map(({ Body }) => Body)).to.deep.equal(["later"]);
      } finally {
        await own.close();
      }
    });

    it("misses no message that becomes visible just while it looks", async () => {
      let looks: number | undefined;
      const start = Date.UTC(2026, 0, 1);
      const own = await startSqs({ now: () => (looks === undefined ? start : start + 1000 - 1 + looks++) });
      try {
        url = await own.queue("ticking");
        await own.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "late", DelaySeconds: 1 }));
        const { principal } = own.aws.iam.lookup(own.aws.config.credentials.accessKeyId)!;
        looks = 0; // From now on a millisecond passes with each look at the clock.
        const messages = await own.service.receive(own.arn("ticking"), { max: 1, waitSeconds: 20, principal });
        expect(messages.map(({ body }) => body)).to.deep.equal(["late"]);
      } finally {
        await own.close();
      }
    });

    it("answers as soon as a message is released", async () => {
      await send("a");
      const [message] = await receive();
      const waiting = receive({ WaitTimeSeconds: 20 });
      const change = { QueueUrl: url, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: 0 };
      await test.client.send(new ChangeMessageVisibilityCommand(change));
      expect(await waiting).to.have.length(1);
    });

    it("uses the queue's wait time, and ends with nothing after it", async () => {
      url = await test.queue("patient", { ReceiveMessageWaitTimeSeconds: "1" });
      expect(await receive()).to.have.length(0);
    });

    it("gives each of several receivers a message of its own", async () => {
      const waiting = [1, 2].map(() => receive({ WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
      await send("a");
      await send("b");
      const bodies = (await Promise.all(waiting)).flat().map(({ Body }) => Body);
      expect(bodies).to.have.members(["a", "b"]);
    });
  });

  describe("deleting", () => {
    it("removes a message for good, and does nothing the second time", async () => {
      await send("a");
      const [message] = await receive();
      const deletion = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle });
      await test.client.send(deletion);
      await test.client.send(deletion);
      expect(await counts()).to.deep.equal([0, 0, 0]);
    });

    it("works after the visibility timeout as long as the message was not received again", async () => {
      await send("a");
      const [message] = await receive({ VisibilityTimeout: 1 });
      test.clock.pass(2);
      await test.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle }));
      expect(await receive()).to.have.length(0);
    });

    it("succeeds without effect by the handle of an earlier receive", async () => {
      await send("a");
      const [first] = await receive({ VisibilityTimeout: 1 });
      test.clock.pass(1);
      await receive();
      await test.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first!.ReceiptHandle }));
      expect(await counts()).to.deep.equal([0, 1, 0]);
    });

    it("refuses text that is not a receipt handle of this queue", async () => {
      const error = await failure(
        test.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: "garbage" })),
      );
      expect(error.name).to.equal("ReceiptHandleIsInvalid");
    });

    it("deletes in batches and names the entries that failed", async () => {
      await send("a");
      const [message] = await receive();
      const answer = await test.client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: [
            { Id: "good", ReceiptHandle: message!.ReceiptHandle },
            { Id: "bad", ReceiptHandle: "garbage" },
          ],
        }),
      );
      expect(answer.Successful).to.deep.equal([{ Id: "good" }]);
      expect(answer.Failed).to.have.length(1);
      expect(answer.Failed?.[0]).to.include({ Id: "bad", SenderFault: true, Code: "ReceiptHandleIsInvalid" });
    });
  });

  describe("changing visibility", () => {
    const change = (handle: string | undefined, seconds: number) =>
      test.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
      );

    it("counts the new timeout from now", async () => {
      await send("a");
      const [message] = await receive({ VisibilityTimeout: 30 });
      test.clock.pass(20);
      await change(message!.ReceiptHandle, 30);
      test.clock.pass(29);
      expect(await receive()).to.have.length(0);
      test.clock.pass(1);
      expect(await receive()).to.have.length(1);
    });

    it("hides a message again whose timeout has passed (recorded: test_change_message_visibility_after_visibility_timeout_expiration)", async () => {
      await send("a");
      const [message] = await receive({ VisibilityTimeout: 1 });
      test.clock.pass(2);
      await change(message!.ReceiptHandle, 2);
      expect(await counts()).to.deep.equal([0, 1, 0]);
      test.clock.pass(2);
      expect(await receive()).to.have.length(1);
    });

    it("works with the handle of an earlier receive (recorded: test_terminate_visibility_timeout_after_receive)", async () => {
      await send("a");
      const [first] = await receive({ VisibilityTimeout: 0 });
      await receive({ VisibilityTimeout: 3 });
      await change(first!.ReceiptHandle, 0);
      expect(await receive()).to.have.length(1);
    });

    it("does not outlast the receive after it (recorded: test_change_message_visibility_not_permanent)", async () => {
      await send("a");
      const [message] = await receive();
      await change(message!.ReceiptHandle, 0);
      const again = await receive();
      expect(again.map(({ MessageId }) => MessageId)).to.deep.equal([message!.MessageId]);
      expect(await receive()).to.have.length(0);
    });

    it("refuses a message that is gone, and a timeout over 12 hours", async () => {
      await send("a");
      const [message] = await receive();
      await test.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle }));
      expect((await failure(change(message!.ReceiptHandle, 10))).name).to.equal("InvalidParameterValue");
      expect((await failure(change(message!.ReceiptHandle, 43_201))).name).to.equal("InvalidParameterValue");
    });

    it("changes in batches", async () => {
      await send("a");
      const [message] = await receive();
      const answer = await test.client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: [{ Id: "one", ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout: 0 }],
        }),
      );
      expect(answer.Successful).to.deep.equal([{ Id: "one" }]);
      expect(await counts()).to.deep.equal([1, 0, 0]);
    });
  });

  describe("message attributes", () => {
    const attributes = {
      "app.kind": { DataType: "String", StringValue: "photo" },
      "app.size": { DataType: "Number", StringValue: "12" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255, 1]) },
    };

    it("come with the MD5 that the SDK checks, and only when asked for", async () => {
      const sent = await send("a", { MessageAttributes: attributes });
      expect(sent.MD5OfMessageAttributes).to.match(/^[0-9a-f]{32}$/);
      const [none] = await receive({ VisibilityTimeout: 0 });
      expect(none).to.not.have.property("MessageAttributes");
      const [all] = await receive({ VisibilityTimeout: 0, MessageAttributeNames: ["All"] });
      expect(all?.MD5OfMessageAttributes).to.equal(sent.MD5OfMessageAttributes);
      expect(Object.keys(all?.MessageAttributes ?? {})).to.have.members(["app.kind", "app.size", "raw"]);
      expect([...all!.MessageAttributes!.raw!.BinaryValue!]).to.deep.equal([0, 255, 1]);
    });

    it("have the MD5 of AWS's algorithm", async () => {
      // The bytes of two attributes, in the order of their names, put together by hand as documented.
      const MessageAttributes = {
        b: { DataType: "Binary", BinaryValue: new Uint8Array([7]) },
        a: { DataType: "String", StringValue: "value" },
      };
      const sent = await send("body", { MessageAttributes });
      const text = "\0\0\0\u0001a\0\0\0\u0006String\u0001\0\0\0\u0005value";
      const binary = "\0\0\0\u0001b\0\0\0\u0006Binary\u0002\0\0\0\u0001\u0007";
      const bytes = Buffer.from(text + binary, "latin1");
      expect(sent.MD5OfMessageAttributes).to.equal(createHash("md5").update(bytes).digest("hex"));
    });

    it("are selected by prefix", async () => {
      await send("a", { MessageAttributes: attributes });
      const [some] = await receive({ MessageAttributeNames: ["app.*"] });
      expect(Object.keys(some?.MessageAttributes ?? {})).to.have.members(["app.kind", "app.size"]);
    });

    it("may have letters of any script in their names (recorded: test_send_message_with_invalid_string_attributes)", async () => {
      await send("a", { MessageAttributes: { "attr.1øßä": { DataType: "String", StringValue: "Valida" } } });
      for (const name of [
        "Invalid-!-attr",
        'Invalid-"-attr',
        "Invalid-§-attr",
        "Invalid.",
        ".Invalid",
        "L".repeat(257),
      ]) {
        const bad = { MessageAttributes: { [name]: { DataType: "String", StringValue: "Valid" } } };
        expect((await failure(send("a", bad))).name, name).to.equal("InvalidParameterValue");
      }
    });

    it("are all given for *, too (recorded: test_receive_message_message_attribute_names_filters)", async () => {
      await send("a", { MessageAttributes: attributes });
      const [some] = await receive({ MessageAttributeNames: ["*"] });
      expect(Object.keys(some?.MessageAttributes ?? {})).to.have.members(["app.kind", "app.size", "raw"]);
    });

    it("say in AWS's words that a value is missing (recorded: test_send_message_with_empty_string_attribute)", async () => {
      const bad = { MessageAttributes: { ErrorDetails: { DataType: "String", StringValue: "" } } };
      expect((await failure(send("a", bad))).message).to.equal(
        "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
      );
    });

    for (const [what, bad] of Object.entries({
      "control characters (recorded: test_invalid_string_attributes_cause_invalid_parameter_value_error)": {
        x: { DataType: "String", StringValue: "Invalid-\b,\v" },
      },
      "a type of more than 256 characters": { x: { DataType: `Number.${"L".repeat(256)}`, StringValue: "1" } },
      "an unknown type": { x: { DataType: "Text", StringValue: "a" } },
      "an empty value": { x: { DataType: "String", StringValue: "" } },
      "a number that is none": { x: { DataType: "Number", StringValue: "many" } },
      "a reserved name": { "AWS.x": { DataType: "String", StringValue: "a" } },
      "more than ten": Object.fromEntries(
        Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: "String", StringValue: "a" }]),
      ),
    })) {
      it(`are refused with ${what}`, async () => {
        expect((await failure(send("a", { MessageAttributes: bad }))).name).to.equal("InvalidParameterValue");
      });
    }
  });

  describe("message groups", () => {
    for (const [what, group] of Object.entries({ empty: "", too_long: "a".repeat(129), spaces: "group 123" })) {
      it(`have 1 to 128 characters (recorded: test_send_message_to_standard_queue_with_invalid_message_group_id[${what}])`, async () => {
        const error = await failure(send("message", { MessageGroupId: group }));
        expect([error.name, error.message]).to.deep.equal([
          "InvalidParameterValue",
          `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
        ]);
      });
    }
  });

  describe("trace headers", () => {
    const trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1";
    const traceOf = async () =>
      (await receive({ MessageSystemAttributeNames: ["AWSTraceHeader"] })).map(({ Attributes }) => Attributes);

    it("of the request go with the message (recorded: test_aws_trace_header_propagation)", async () => {
      const client = test.aws.sqs();
      client.middlewareStack.add(
        (next) => (args) => {
          (args.request as { headers: Record<string, string> }).headers["X-Amzn-Trace-Id"] = trace;
          return next(args);
        },
        { step: "build" },
      );
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "test" }));
      expect(await traceOf()).to.deep.equal([{ AWSTraceHeader: trace }]);
    });

    it("of the message outweigh that of the request", async () => {
      await send("a", { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } } });
      expect(await traceOf()).to.deep.equal([{ AWSTraceHeader: trace }]);
    });
  });

  it("asks for 1 to 10 messages (recorded: test_send_receive_max_number_of_messages)", async () => {
    expect((await failure(receive({ MaxNumberOfMessages: 11 }))).message).to.equal(
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    );
  });

  describe("limits of a message", () => {
    it("takes 1 MiB and refuses one byte more, attributes included", async () => {
      await send("x".repeat(1_048_576));
      expect((await failure(send("x".repeat(1_048_577)))).message).to.contain("shorter than 1048576 bytes");
      const attribute = { MessageAttributes: { a: { DataType: "String", StringValue: "b" } } };
      expect((await failure(send("x".repeat(1_048_575), attribute))).name).to.equal("InvalidParameterValue");
    });

    it("takes no more than the queue's own maximum", async () => {
      url = await test.queue("small", { MaximumMessageSize: "1024" });
      await send("x".repeat(1024));
      expect((await failure(send("x".repeat(1025)))).message).to.contain("shorter than 1024 bytes");
    });

    it("refuses an empty body and characters outside XML's", async () => {
      expect((await failure(send(""))).name).to.equal("MissingParameter");
      expect((await failure(send("a\u0000b"))).name).to.equal("InvalidMessageContents");
      expect((await failure(send("a\uFFFEb"))).name).to.equal("InvalidMessageContents");
    });
  });

  describe("batches", () => {
    const batch = (entries: { Id: string; MessageBody: string }[]) =>
      test.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    const entries = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ Id: `e${i}`, MessageBody: `body ${i}` }));

    it("send up to ten messages", async () => {
      const answer = await batch(entries(10));
      expect(answer.Successful).to.have.length(10);
      expect(answer).to.not.have.property("Failed");
      expect((await receive()).map(({ Body }) => Body)).to.have.members(entries(10).map((e) => e.MessageBody));
    });

    it("leave good entries alone when others fail", async () => {
      const answer = await batch([...entries(1), { Id: "bad", MessageBody: "\u0000" }]);
      expect(answer.Successful?.map(({ Id }) => Id)).to.deep.equal(["e0"]);
      expect(answer.Failed?.[0]).to.include({ Id: "bad", Code: "InvalidMessageContents", SenderFault: true });
      expect(await counts()).to.deep.equal([1, 0, 0]);
    });

    it("word a failed entry as AWS does (recorded: test_send_batch_message_size)", async () => {
      url = await test.queue("small", { MaximumMessageSize: "1024" });
      const { Successful, Failed } = await batch([{ Id: "long", MessageBody: "a".repeat(1025) }]);
      expect({ Successful, Failed }).to.deep.equal({
        Successful: undefined,
        Failed: [
          {
            Id: "long",
            Code: "InvalidParameterValue",
            Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
            SenderFault: true,
          },
        ],
      });
    });

    for (const [name, bad] of Object.entries({
      EmptyBatchRequest: [],
      TooManyEntriesInBatchRequest: entries(11),
      BatchEntryIdsNotDistinct: [...entries(1), ...entries(1)],
      InvalidBatchEntryId: [{ Id: "a b", MessageBody: "x" }],
      BatchRequestTooLong: entries(2).map((e) => ({ ...e, MessageBody: "x".repeat(600_000) })),
    })) {
      it(`fail as a whole with ${name}`, async () => {
        expect((await failure(batch(bad))).name).to.equal(name);
        expect(await counts()).to.deep.equal([0, 0, 0]);
      });
    }
  });
});
