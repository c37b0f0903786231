import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";

import { causesOf } from "../../redrive/causes";

interface Letter {
  Body: string;
  cause: string;
  poison?: boolean;
  hidden?: boolean;
}

/** One queue and its dead letters. */
function queueWith(letters: Letter[]) {
  const [name, url, deadLetterUrl] = ["Queue", "queue", "dead-letters"];
  const back: string[] = [];
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  const send = async (command: object): Promise<object> => {
    if (command instanceof ReceiveMessageCommand) {
      const found = letters.filter(({ hidden }) => hidden !== true);
      for (const letter of found) letter.hidden = true;
      return {
        Messages: found.map(({ Body, cause, poison = false }) => ({
          Body,
          ReceiptHandle: Body,
          Attributes: { SentTimestamp: "0" },
          MessageAttributes: { Cause: text(cause), Reason: text(`because of ${Body}`), Poison: text(String(poison)) },
        })),
      };
    }
    if (command instanceof SendMessageCommand) back.push(command.input.MessageBody ?? "");
    const handle = "input" in command ? (command.input as { ReceiptHandle?: string }).ReceiptHandle : undefined;
    const at = letters.findIndex(({ Body }) => Body === handle);
    if (command instanceof ChangeMessageVisibilityCommand && letters[at]) letters[at].hidden = false;
    if (command instanceof DeleteMessageCommand) letters.splice(at, 1);
    return {};
  };
  const causes = causesOf({
    sqs: { send } as unknown as SQSClient,
    queues: [{ name, url, deadLetterUrl }],
    records: () => ({ readRaw: async () => undefined, updateRaw: () => expect.fail("no image is given up") }),
  });
  return { causes, back, left: () => letters.map(({ Body, hidden }) => `${Body}${hidden === true ? " hidden" : ""}`) };
}

describe("dead letters by cause, for the console", () => {
  const letters = (): Letter[] => [
    { Body: "a", cause: "Gone" },
    { Body: "b", cause: "Gone" },
    { Body: "c", cause: "Poison", poison: true },
  ];

  it("are listed, the largest group first, and stay where they are, also where two look at once", async () => {
    const { causes, left } = queueWith(letters());
    const [first, second] = await Promise.all([causes.list(), causes.list()]);
    expect(first).to.deep.equal(second);
    const common = { queue: "Queue", since: "1970-01-01T00:00:00.000Z" };
    expect(first).to.deep.equal([
      {
        ...common,
        cause: "Gone",
        poison: false,
        letters: 2,
        reason: "because of a",
        example: "a",
        mayBeDeleted: false,
      },
      {
        ...common,
        cause: "Poison",
        poison: true,
        letters: 1,
        reason: "because of c",
        example: "c",
        mayBeDeleted: true,
      },
    ]);
    expect(left()).to.deep.equal(["a", "b", "c"]);
  });

  it("are moved back, but for poison, and deleted only where that is poison", async () => {
    const { causes, back, left } = queueWith(letters());
    expect(await causes.settle("Queue", "Poison", "move")).to.equal(0);
    expect(await causes.settle("Queue", "Gone", "delete")).to.equal(0);
    expect(await causes.settle("Other", "Gone", "move")).to.equal(0);
    expect([left(), back]).to.deep.equal([["a", "b", "c"], []]);
    expect(await causes.settle("Queue", "Gone", "move")).to.equal(2);
    expect([left(), back]).to.deep.equal([["c"], ["a", "b"]]);
    expect(await causes.settle("Queue", "Poison", "delete")).to.equal(1);
    expect(left()).to.deep.equal([]);
  });

  it("are let go where an act fails, and looked at again afterwards", async () => {
    const { causes, left } = queueWith(letters());
    const failing = causes.settle("Queue", "Gone", "fail" as "move");
    expect(
      await failing.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ).to.be.instanceOf(Error);
    expect(left()).to.deep.equal(["a", "b", "c"]);
    expect(await causes.list()).to.have.length(2);
  });
});
