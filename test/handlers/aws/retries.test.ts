import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";

import { createRetries } from "../../../handlers/aws/retries";
import { type AwsClients, startAwsClients } from "../../support/emptyAws";

describe("createRetries", () => {
  let aws: AwsClients;
  before(async () => (aws = await startAwsClients()));
  after(() => aws.close());

  it("changes the visibility of a message that was received", async () => {
    const { QueueUrl } = await aws.sqs.send(
      new CreateQueueCommand({ QueueName: "retries", Attributes: { VisibilityTimeout: "360" } }),
    );
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    const receive = async () => (await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0];
    const message = await receive();
    // 0 receives stand for no delay at all: the message is there again.
    await createRetries(aws.sqs, QueueUrl!).soon(message!.ReceiptHandle!, { receiveCount: 0 });
    expect((await receive())?.Body).to.equal("x");
  });

  it("waits 20 to 60 seconds for each receive, and never longer than SQS allows", async () => {
    const delay = async (random: number, receiveCount: number): Promise<number> => {
      const sent: number[] = [];
      const send = async ({ input }: { input: { VisibilityTimeout: number } }) =>
        void sent.push(input.VisibilityTimeout);
      await createRetries({ send } as never, "url", () => random).soon("receipt", { receiveCount });
      return sent[0]!;
    };
    expect([await delay(0, 1), await delay(0.999, 1), await delay(0.5, 9)]).to.deep.equal([20, 60, 360]);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(5_000), async (random, receives) => {
        const seconds = await delay(random, receives);
        expect(seconds).to.satisfy(Number.isInteger).and.be.within(0, 43_200);
      }),
    );
  });
});
