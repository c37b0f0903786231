import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Principal } from "../../iam/principal";
import { failure, type SqsTest, startSqs } from "./support";

describe("SQS permissions", () => {
  let test: SqsTest;
  let url: string;
  beforeEach(async () => {
    test = await startSqs();
    url = await test.queue("work");
  });
  afterEach(() => test.close());

  const clientOf = (name: string, actions: string[], resource = test.arn("work")): SQSClient => {
    const statements = actions.length === 0 ? [] : [{ Action: actions, Resource: resource }];
    return test.aws.sqs(test.aws.configFor(test.aws.role(name, statements)));
  };

  it("let a role do what its policy allows, and nothing else", async () => {
    const sender = clientOf("sender", ["sqs:SendMessage"]);
    await sender.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" }));
    const batch = { QueueUrl: url, Entries: [{ Id: "a", MessageBody: "b" }] };
    await sender.send(new SendMessageBatchCommand(batch)); // Batches need the same action.
    const error = await failure(sender.send(new ReceiveMessageCommand({ QueueUrl: url })));
    expect(error.name).to.match(/^AccessDenied/);
    expect(error.message).to.match(/sqs:ReceiveMessage/i);
    expect(error.message).to.contain(test.arn("work"));
  });

  it("are asked for each operation by its own action", async () => {
    const powerless = clientOf("powerless", []);
    const refused = [
      powerless.send(new CreateQueueCommand({ QueueName: "mine" })),
      powerless.send(new ListQueuesCommand({})),
      powerless.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" })),
      powerless.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: "x" })),
      powerless.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
      powerless.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: "1" } })),
      powerless.send(new PurgeQueueCommand({ QueueUrl: url })),
    ];
    for (const call of refused) expect((await failure(call)).name).to.match(/^AccessDenied/);
  });

  it("to redrive are those on the dead-letter queue and sending to the destination", async () => {
    await test.queue("dead");
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: test.arn("dead"), maxReceiveCount: 1 });
    await test.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { RedrivePolicy } }));
    const actions = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
    const role = test.aws.role("redriver", [{ Action: actions.map((a) => `sqs:${a}`), Resource: test.arn("dead") }]);
    const client = test.aws.sqs(test.aws.configFor(role));
    const start = () => client.send(new StartMessageMoveTaskCommand({ SourceArn: test.arn("dead") }));
    expect((await failure(start())).message).to.contain(test.arn("work"));
    test.aws.iam.putRolePolicy("redriver", "send", {
      Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: test.arn("work") }],
    });
    expect((await start()).TaskHandle).to.be.a("string");
  });

  describe("of services, by the queue's policy", () => {
    const bucket = "arn:aws:s3:::photos";
    const service = (sourceArn: string, sourceAccount = "123456789012"): Principal => ({
      kind: "service",
      arn: "s3.amazonaws.com",
      accountId: sourceAccount,
      sourceArn,
      sourceAccount,
    });
    const allow = async () => {
      const Statement = {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: test.arn("work"),
        Condition: { ArnEquals: { "aws:SourceArn": bucket }, StringEquals: { "aws:SourceAccount": "123456789012" } },
      };
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
      await test.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
    };

    it("refuse a service that no policy names", () => {
      expect(() => test.service.deliver(test.arn("work"), "event", service(bucket)))
        .to.throw()
        .with.property("code", "AccessDenied");
    });

    it("take events of the named source only", async () => {
      await allow();
      test.service.deliver(test.arn("work"), "event", service(bucket));
      expect(test.service.counts(test.arn("work")).visible).to.equal(1);
      expect(() => test.service.deliver(test.arn("work"), "x", service("arn:aws:s3:::other"))).to.throw();
      expect(() => test.service.deliver(test.arn("work"), "x", service(bucket, "999999999999"))).to.throw();
      expect(test.service.counts(test.arn("work")).visible).to.equal(1);
    });

    it("say when a queue does not exist", () => {
      expect(() => test.service.deliver(test.arn("none"), "x", service(bucket)))
        .to.throw()
        .with.property("code", "QueueDoesNotExist");
    });
  });
});
