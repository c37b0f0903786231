import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import { createQueue } from "../../../handlers/aws/queue";
import { type AwsClients, startAwsClients } from "../../support/emptyAws";

describe("createQueue", () => {
  let aws: AwsClients;
  let queueUrl: string;

  before(async () => {
    aws = await startAwsClients();
    queueUrl = (await aws.sqs.send(new CreateQueueCommand({ QueueName: "messages" }))).QueueUrl!;
  });
  after(() => aws.close());

  it("takes names that hold what SQS refuses in a message", async () => {
    const message = { original: "a\ufffe\uffff\u0001\ud83d 🐌.jpg" };
    await createQueue(aws.sqs, queueUrl).send(message);
    const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(JSON.parse(Messages![0]!.Body!)).to.deep.equal(message);
  });

  it("sends ten messages a call", async () => {
    const sizes: number[] = [];
    const send = async ({ input }: { input: { Entries: object[] } }) => {
      sizes.push(input.Entries.length);
      return {};
    };
    await createQueue({ send } as never, "url").send(...Array.from({ length: 23 }, (_, i) => i));
    expect(sizes).to.deep.equal([10, 10, 3]);
  });

  it("fails where SQS took only a part of a batch", async () => {
    const Failed = [{ Id: "1", SenderFault: false, Code: "InternalError", Message: "try again" }];
    const send = async () => ({ Successful: [{ Id: "0" }], Failed });
    const failure: unknown = await createQueue({ send } as never, "url")
      .send(1, 2)
      .catch((error: unknown) => error);
    expect(failure).to.include({
      name: "MessagesNotSent",
      message: "SQS did not take 1 of 2 messages: InternalError: try again",
    });
  });

  it("sends JSON of visible ASCII characters alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (original) => {
        const bodies: string[] = [];
        const send = async ({ input }: { input: { Entries: { MessageBody: string }[] } }) => {
          bodies.push(...input.Entries.map(({ MessageBody }) => MessageBody));
          return {};
        };
        await createQueue({ send } as never, "url").send({ original });
        expect(bodies).to.have.length(1);
        expect(bodies[0]).to.match(/^[ -~]+$/);
        expect(JSON.parse(bodies[0]!)).to.deep.equal({ original });
      }),
    );
  });
});
