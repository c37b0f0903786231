import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { failure, type SqsTest, startSqs } from "./support";

// Amazon SQS Developer Guide, "Using dead-letter queues" and "Configure a dead-letter queue redrive".
describe("SQS dead-letter queues", () => {
  let test: SqsTest;
  let dead: string;
  let work: string;
  const redrive = (maxReceiveCount: number | string) =>
    JSON.stringify({ deadLetterTargetArn: test.arn("dead"), maxReceiveCount });
  beforeEach(async () => {
    test = await startSqs();
    dead = await test.queue("dead", { MessageRetentionPeriod: "1209600" });
    work = await test.queue("work", { RedrivePolicy: redrive(2), VisibilityTimeout: "30" });
  });
  afterEach(() => test.close());

  const send = (body: string, url = work) =>
    test.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  const receive = async (url: string, more: object = {}) => {
    const input = { QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const], ...more };
    return (await test.client.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  /** Receives and lets the visibility time out, as a consumer that fails. */
  const fail = async () => {
    const messages = await receive(work);
    test.clock.pass(30);
    return messages;
  };
  const killMessage = async () => {
    for (let i = 0; i < 3; i += 1) await fail();
  };

  it("get a message that was received as often as allowed, at the receive after that", async () => {
    const { MessageId } = await send("a");
    expect(await fail()).to.have.length(1);
    expect(await fail()).to.have.length(1);
    expect(test.service.counts(test.arn("dead")).visible).to.equal(0);
    expect(await fail()).to.have.length(0);
    const [message] = await receive(dead);
    expect(message?.MessageId).to.equal(MessageId);
    expect(message?.Attributes).to.include({
      DeadLetterQueueSourceArn: test.arn("work"),
      SentTimestamp: String(Date.UTC(2026, 0, 1)),
      ApproximateReceiveCount: "3",
    });
  });

  it("do not hold up the messages behind one that is moved", async () => {
    await send("bad");
    await fail();
    await fail();
    await send("good");
    expect((await receive(work)).map(({ Body }) => Body)).to.deep.equal(["good"]);
  });

  it("count the retention of standard queues from when the message was first sent", async () => {
    await test.client.send(
      new SetQueueAttributesCommand({ QueueUrl: dead, Attributes: { MessageRetentionPeriod: "120" } }),
    );
    await send("a");
    await killMessage(); // 90 seconds
    expect(test.service.counts(test.arn("dead")).visible).to.equal(1);
    test.clock.pass(30);
    expect(await receive(dead)).to.have.length(0);
  });

  it("are no longer reached by a receipt handle of the source queue", async () => {
    await send("a");
    const [message] = await fail();
    await fail();
    await fail();
    test.service.delete(
      test.arn("work"),
      [message!.ReceiptHandle!],
      test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!.principal,
    );
    expect(await receive(dead)).to.have.length(1);
  });

  it("must exist", async () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: test.arn("none"), maxReceiveCount: 1 });
    const error = await failure(test.queue("other", { RedrivePolicy }));
    expect(error.name).to.equal("InvalidParameterValue");
    expect(error.message).to.contain("Dead letter target does not exist");
  });

  it("may be the queue itself, which keeps its messages (recorded: test_set_empty_redrive_policy)", async () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: test.arn("work"), maxReceiveCount: 1 });
    await test.client.send(new SetQueueAttributesCommand({ QueueUrl: work, Attributes: { RedrivePolicy } }));
    await send("a");
    await fail();
    expect((await fail()).map(({ Body }) => Body)).to.deep.equal(["a"]);
  });

  for (const count of ["0", "1001", "x"]) {
    it(`refuse a maxReceiveCount of ${count}`, async () => {
      expect((await failure(test.queue("other", { RedrivePolicy: redrive(count) }))).message).to.contain(
        "maxReceiveCount",
      );
    });
  }

  describe("with a redrive allow policy", () => {
    const allow = (policy: object) =>
      test.client.send(
        new SetQueueAttributesCommand({ QueueUrl: dead, Attributes: { RedriveAllowPolicy: JSON.stringify(policy) } }),
      );

    it("take only the sources that it names", async () => {
      await allow({ redrivePermission: "byQueue", sourceQueueArns: [test.arn("work"), test.arn("friend")] });
      await test.queue("friend", { RedrivePolicy: redrive(1) });
      const error = await failure(test.queue("stranger", { RedrivePolicy: redrive(1) }));
      expect(error.message).to.contain("does not permit");
    });

    it("get nothing any more from a source that they no longer allow, and it loses nothing", async () => {
      await send("a");
      await allow({ redrivePermission: "denyAll" });
      await killMessage();
      expect(test.service.isEmpty(test.arn("dead"))).to.equal(true);
      expect((await receive(work)).map(({ Body }) => Body)).to.deep.equal(["a"]);
    });
  });

  describe("redrive", () => {
    const start = (more: object = {}) =>
      test.client.send(new StartMessageMoveTaskCommand({ SourceArn: test.arn("dead"), ...more }));
    const tasks = async () =>
      (await test.client.send(new ListMessageMoveTasksCommand({ SourceArn: test.arn("dead"), MaxResults: 10 })))
        .Results ?? [];

    it("brings messages back to where they came from, as new messages", async () => {
      const { MessageId } = await send("a");
      await killMessage();
      test.clock.pass(1000);
      await start();
      const [message] = await receive(work, { WaitTimeSeconds: 20 });
      expect(message?.Body).to.equal("a");
      expect(message?.MessageId).to.not.equal(MessageId);
      expect(message?.Attributes).to.include({
        ApproximateReceiveCount: "1",
        SentTimestamp: String(test.clock.time),
      });
      const [task] = await tasks();
      expect(task).to.include({
        Status: "COMPLETED",
        SourceArn: test.arn("dead"),
        ApproximateNumberOfMessagesMoved: 1,
        ApproximateNumberOfMessagesToMove: 1,
      });
      expect(task).to.not.have.property("TaskHandle");
    });

    it("can bring them to another queue, at a limited rate", async () => {
      const other = await test.queue("other");
      for (const body of ["a", "b"]) await send(body);
      await killMessage();
      await start({ DestinationArn: test.arn("other"), MaxNumberOfMessagesPerSecond: 500 });
      expect(await receive(other, { WaitTimeSeconds: 20 })).to.have.length(2);
    });

    it("moves hundreds", async () => {
      const other = await test.queue("other");
      await test.client.send(
        new SetQueueAttributesCommand({ QueueUrl: other, Attributes: { RedrivePolicy: redrive(9) } }),
      );
      for (let i = 0; i < 250; i += 1) test.service.deliver(test.arn("dead"), `${i}`, owner());
      await start({ DestinationArn: test.arn("other") });
      while (test.service.counts(test.arn("dead")).visible > 0) {
        await new Promise<void>((resolve) => {
          const end = test.service.onChange(() => {
            end();
            resolve();
          });
        });
      }
      expect(test.service.counts(test.arn("other")).visible).to.equal(250);
    });

    it("fails for a message that came from nowhere", async () => {
      await send("a", dead);
      await start();
      let task = (await tasks())[0];
      while (task?.Status === "RUNNING") task = (await tasks())[0];
      expect(task).to.include({ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" });
      expect(await receive(dead)).to.have.length(1);
    });

    it("runs once at a time, and can be cancelled", async () => {
      for (const body of ["a", "b", "c"]) await send(body);
      await killMessage();
      const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
      const second = await failure(start()); // Recorded: test_start_multiple_move_tasks.
      expect([second.name, second.message]).to.deep.equal([
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      ]);
      await test.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
      expect((await tasks())[0]?.Status).to.equal("CANCELLED");
      const again = failure(test.client.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
      expect((await again).name).to.equal("ResourceNotFoundException");
      expect(test.service.counts(test.arn("dead")).visible).to.be.greaterThan(0);
    });

    it("is cancelled by handles of existing queues only (recorded: test_cancel_with_invalid_source_arn_in_task_handle)", async () => {
      const handle = (queue: string) =>
        Buffer.from(
          JSON.stringify({ taskId: "10f57157-fc38-4da9-a113-4de7e12d05dd", sourceArn: test.arn(queue) }),
        ).toString("base64");
      const cancel = (queue: string) =>
        failure(test.client.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle(queue) })));
      expect((await cancel("none")).message).to.equal(
        "The resource that you specified for the SourceArn parameter doesn't exist.",
      );
      expect((await cancel("dead")).message).to.equal("Task does not exist.");
    });

    it("is refused for queues that are not dead-letter queues, or do not exist", async () => {
      expect((await failure(start({ SourceArn: test.arn("work") }))).message).to.contain("Dead Letter Queue");
      expect((await failure(start({ SourceArn: test.arn("none") }))).name).to.equal("ResourceNotFoundException");
      expect((await failure(start({ DestinationArn: test.arn("none") }))).name).to.equal("ResourceNotFoundException");
    });

    const owner = () => test.aws.iam.lookup(test.aws.config.credentials.accessKeyId)!.principal;
  });
});
