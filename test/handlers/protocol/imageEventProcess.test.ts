import { expect } from "chai";
import { imageEventProcess, type TableChange } from "../../../handlers/protocol/imageEventProcess";
import type { ImageEvent, RawRecord, Refusal } from "../../../handlers/records";

const recorded = (name: string): RawRecord => ({
  original: name,
  id: "id",
  epoch: 0,
  status: "PROCESSING",
  generation: "a".repeat(48),
  createdAt: "2030-01-01T00:00:00.000Z",
  updatedAt: "2030-01-01T00:00:00.000Z",
});
const change = (sequenceNumber: string): TableChange => ({
  sequenceNumber,
  stored: `change ${sequenceNumber}`,
  read: () => ({ before: undefined, after: recorded(sequenceNumber) }),
});
const unreadable: TableChange = {
  ...change("unreadable"),
  read: () => {
    throw new TypeError("not a record");
  },
};
const failure: Refusal = { cause: "InternalFailure", reason: "It failed.", poison: false };

/** Runs the function on changes, and returns its answer with all that it did. */
async function run(
  changes: TableChange[],
  { refusals = {}, letters = true }: { refusals?: Record<string, Refusal>; letters?: boolean } = {},
) {
  const sent: string[] = [];
  const buried: unknown[] = [];
  const failures: string[] = [];
  const notes: unknown[] = [];
  const answer = await imageEventProcess({
    events: {
      put: (...events: ImageEvent[]) => {
        sent.push(...events.map(({ detail }) => detail.object));
        return Promise.resolve(events.map(({ detail }) => refusals[detail.object]));
      },
    },
    deadLetters: {
      bury: (stored, { cause, messageId }) => {
        if (!letters) return Promise.reject(new Error("no queue"));
        buried.push([stored, cause, messageId]);
        return Promise.resolve();
      },
    },
    journal: {
      note: (_message, details) => void notes.push(details?.name),
      failed: (message) => void failures.push(message),
    },
  })(changes);
  return {
    failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    sent,
    buried,
    failures,
    notes,
  };
}

describe("imageEventProcess", () => {
  it("announces all changes of a batch in their order", async () => {
    const { sent, failed, notes } = await run([change("1"), change("2")]);
    expect([sent, failed]).to.deep.equal([["1", "2"], []]);
    expect(notes, "names in the log").to.deep.equal(["1", "2"]);
  });

  it("calls nothing where no change is to be announced", async () => {
    const expired = { ...change("1"), read: () => ({ before: recorded("1"), after: undefined }) };
    const { sent, failed } = await run([expired]);
    expect([sent, failed]).to.deep.equal([[], []]);
  });

  it("reports the changes that the bus did not take", async () => {
    const { failed, buried, failures } = await run([change("1"), change("2"), change("3")], {
      refusals: { "2": failure, "3": failure },
    });
    expect([failed, buried]).to.deep.equal([["2", "3"], []]);
    expect(failures).to.deep.equal(["an event was not taken", "an event was not taken"]);
  });

  it("makes a dead letter of a change that no try can announce, and goes on", async () => {
    const { failed, buried, sent } = await run([unreadable, change("2"), change("3")], {
      refusals: { "2": { ...failure, cause: "MalformedDetail", poison: true } },
    });
    expect(sent).to.deep.equal(["2", "3"]);
    expect(failed).to.deep.equal([]);
    expect(buried).to.deep.equal([
      ["change unreadable", "TypeError", "unreadable"],
      ["change 2", "MalformedDetail", "2"],
    ]);
  });

  it("tries again where the dead letter cannot be stored", async () => {
    const { failed, failures } = await run([unreadable], { letters: false });
    expect(failed).to.deep.equal(["unreadable"]);
    expect(failures).to.deep.equal(["a change cannot be announced", "dead letter not stored"]);
  });
});
