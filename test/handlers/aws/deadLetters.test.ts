import { expect } from "chai";
import { createDeadLetters } from "../../../handlers/aws/deadLetters";

const failure = { messageId: "m1", cause: "NoSuchBucket", reason: "The bucket is gone", poison: false };

/** The message that is sent for a failure. */
async function letterOf(body: string, more: Partial<typeof failure> = {}): Promise<unknown> {
  const sent: unknown[] = [];
  const send = async ({ input }: { input: unknown }) => void sent.push(input);
  await createDeadLetters({ send } as never, "https://queue").bury(body, { ...failure, ...more });
  expect(sent).to.have.length(1);
  return sent[0];
}
const text = (StringValue: string) => ({ DataType: "String", StringValue });

describe("createDeadLetters", () => {
  it("sends the body as it was, with the cause beside it", async () => {
    expect(await letterOf("the body")).to.deep.equal({
      QueueUrl: "https://queue",
      MessageBody: "the body",
      MessageAttributes: {
        Cause: text("NoSuchBucket"),
        Reason: text("The bucket is gone"),
        Poison: text("false"),
        FailedMessageId: text("m1"),
      },
    });
  });

  it("replaces the characters that SQS refuses, keeps 1000 of a reason, and never sends an empty one", async () => {
    for (const [reason, sent] of [
      ["a\u0000b\uffffc\t🐌", "a\ufffdb\ufffdc\t🐌"],
      ["x".repeat(1_001), "x".repeat(1_000)],
      ["", "unknown"],
    ] as const) {
      const letter = (await letterOf("body", { reason })) as { MessageAttributes: Record<string, unknown> };
      expect(letter.MessageAttributes.Reason).to.deep.equal(text(sent));
    }
  });
});
