import { expect } from "chai";
import { perMessage, type DeadLetters, type Retries } from "../../../handlers/entries/perMessage";

const message = (messageId: string, body: unknown, receiveCount = 1) => ({
  messageId,
  receiptHandle: `receipt of ${messageId}`,
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: String(receiveCount) },
});

/** Works as `work` says, and notes what is logged, buried and brought forward. */
function harness(
  work: Parameters<typeof perMessage>[0],
  { atOnce = 10, bury, soon }: { atOnce?: number } & Partial<DeadLetters & Retries> = {},
) {
  const failures: Record<string, unknown>[] = [];
  const buried: unknown[] = [];
  const retried: unknown[] = [];
  const run = perMessage(work, {
    atOnce,
    journal: { failed: (text, error, details) => void failures.push({ text, error: String(error), ...details }) },
    retries: { soon: soon ?? (async (receiptHandle, context) => void retried.push({ receiptHandle, ...context })) },
    deadLetters: { maxReceiveCount: 5, bury: bury ?? (async (body, cause) => void buried.push({ body, ...cause })) },
  });
  return { run, failures, buried, retried };
}

describe("perMessage", () => {
  it("runs the work on each body, with the message's id and how often it was received", async () => {
    const seen: unknown[] = [];
    const { run } = harness(async (body, context) => void seen.push([body, context]));
    const answer = await run({
      Records: [message("1", { a: 1 }), message("2", [2], 5)],
    });
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(seen).to.deep.equal([
      [{ a: 1 }, { messageId: "1", receiveCount: 1, lastTry: false }],
      [[2], { messageId: "2", receiveCount: 5, lastTry: true }],
    ]);
  });

  it("reports the messages that failed, and only those", async () => {
    const { run, failures } = harness(async (body) => {
      if (body === 2) throw new RangeError("two is too much");
    });
    const answer = await run({ Records: [message("1", 1), message("2", 2, 4), message("3", 3)] });
    expect(answer.batchItemFailures).to.deep.equal([{ itemIdentifier: "2" }]);
    expect(failures).to.have.length(1);
    expect(failures[0]).to.deep.equal({
      text: "message failed",
      error: "RangeError: two is too much",
      cause: "RangeError",
      messageId: "2",
      receiveCount: 4,
      lastTry: false,
      body: "2",
    });
  });

  it("brings the next try of a failed message forward, and of no other", async () => {
    const { run, retried } = harness(async (body) => {
      if (body !== 1) throw new RangeError("too much");
    });
    await run({ Records: [message("1", 1), message("2", 2, 3), message("3", 3, 5)] });
    expect(retried).to.deep.equal([{ receiptHandle: "receipt of 2", messageId: "2", receiveCount: 3, lastTry: false }]);
  });

  it("leaves the next try to the visibility timeout where it cannot be brought forward", async () => {
    const { run, failures } = harness(
      async () => {
        throw new Error("always");
      },
      {
        soon: async () => {
          throw new Error("SQS is away");
        },
      },
    );
    expect((await run({ Records: [message("1", 1)] })).batchItemFailures).to.deep.equal([{ itemIdentifier: "1" }]);
    expect(failures.map(({ error }) => error)).to.deep.equal(["Error: always", "Error: SQS is away"]);
  });

  it("takes poison to the dead-letter queue at its first failure", async () => {
    const { run, buried, retried } = harness(async () => undefined);
    const answer = await run({ Records: [message("1", "{torn")] });
    expect(answer).to.deep.equal({ batchItemFailures: [] });
    expect(buried).to.have.length(1);
    expect(buried[0]).to.include({ body: "{torn", cause: "SyntaxError", poison: true, receiveCount: 1 });
    expect(retried).to.deep.equal([]);
  });

  it("takes a message whose last try failed to the dead-letter queue, with the cause", async () => {
    const { run, buried } = harness(async () => {
      throw new RangeError("always");
    });
    const answer = await run({ Records: [message("1", "1", 4), message("2", "2", 5)] });
    expect(answer.batchItemFailures).to.deep.equal([{ itemIdentifier: "1" }]);
    expect(buried).to.have.length(1);
    expect(buried[0]).to.include({ body: "2", messageId: "2", cause: "RangeError", reason: "RangeError: always" });
  });

  it("leaves it to SQS where the dead-letter queue does not take the message", async () => {
    const { run, failures } = harness(
      async () => {
        throw new Error("always");
      },
      {
        bury: async () => {
          throw new Error("SQS is away");
        },
      },
    );
    expect((await run({ Records: [message("1", 1, 5)] })).batchItemFailures).to.deep.equal([{ itemIdentifier: "1" }]);
    expect(failures.map(({ error }) => error)).to.deep.equal(["Error: always", "Error: SQS is away"]);
  });

  describe("with messages that run out of time", () => {
    const never = new Promise<void>(() => undefined);
    it("reports them while there is time, and their neighbours as done", async () => {
      const { run, failures, retried } = harness(async (body) => (body === 2 ? never : undefined));
      const late = new Promise<void>((resolve) => setTimeout(resolve, 20));
      const answer = await run({ Records: [1, 2, 3].map((id) => message(String(id), id)) }, late);
      expect(answer.batchItemFailures).to.deep.equal([{ itemIdentifier: "2" }]);
      expect(failures[0]).to.include({ cause: "OutOfTime", messageId: "2" });
      expect(retried).to.have.length(1);
    });

    it("begins no other one after that", async () => {
      const begun: unknown[] = [];
      const { run } = harness(
        async (body) => {
          begun.push(body);
          return never;
        },
        { atOnce: 1 },
      );
      const answer = await run({ Records: [1, 2].map((id) => message(String(id), id)) }, Promise.resolve());
      expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).to.deep.equal(["1", "2"]);
      expect(begun).to.deep.equal([1]);
    });

    it("tries a message that failed before after the others, and one at a time", async () => {
      const running = new Set<unknown>();
      const seen: unknown[][] = [];
      const { run } = harness(async (body) => {
        running.add(body);
        seen.push([...running]);
        await new Promise(setImmediate);
        running.delete(body);
      });
      await run({ Records: [message("1", "1", 2), message("2", "2"), message("3", "3"), message("4", "4", 3)] });
      expect(seen).to.deep.equal([[2], [2, 3], [1], [4]]);
    });
  });

  it("works on no more messages at the same time than it may", async () => {
    let running = 0;
    let most = 0;
    const { run } = harness(
      async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
      },
      { atOnce: 2 },
    );
    await run({ Records: Array.from({ length: 7 }, (_, i) => message(String(i), i)) });
    expect(most).to.equal(2);
  });
});
