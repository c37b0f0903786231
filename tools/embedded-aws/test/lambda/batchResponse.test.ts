import { expect } from "chai";
import { finishedMessages } from "../../lambda/batchResponse";
import type { SqsMessage } from "../../sqs/serviceCalls";

const message = (messageId: string): SqsMessage => ({
  messageId,
  receiptHandle: `r-${messageId}`,
  body: "",
  attributes: {},
  messageAttributes: {},
  md5OfBody: "",
});
const batch = ["a", "b", "c"].map(message);
const done = (payload: unknown, reports = true): string[] =>
  finishedMessages(batch, { payload }, reports).map(({ messageId }) => messageId);

// AWS Lambda Developer Guide, "Implementing partial batch responses": success and failure conditions.
describe("Partial batch responses", () => {
  for (const payload of [
    null,
    undefined,
    {},
    { batchItemFailures: [] },
    { batchItemFailures: null },
    { statusCode: 500 },
  ]) {
    it(`treat ${JSON.stringify(payload)} as complete success`, () => {
      expect(done(payload)).to.deep.equal(["a", "b", "c"]);
    });
  }

  for (const payload of [
    "done",
    [],
    { batchItemFailures: "a" },
    { batchItemFailures: {} },
    { batchItemFailures: [{ itemIdentifier: "" }] },
    { batchItemFailures: [{ itemIdentifier: null }] },
    { batchItemFailures: [{ itemIdentifier: 7 }] },
    { batchItemFailures: [{ badKey: "a" }] },
    { batchItemFailures: [null] },
    { batchItemFailures: [{ itemIdentifier: "unknown" }] },
    { batchItemFailures: [{ itemIdentifier: "a" }, { itemIdentifier: "unknown" }] },
  ]) {
    it(`treat ${JSON.stringify(payload)} as complete failure`, () => {
      expect(done(payload)).to.deep.equal([]);
    });
  }

  it("keep just the items that failed", () => {
    expect(done({ batchItemFailures: [{ itemIdentifier: "b" }] })).to.deep.equal(["a", "c"]);
    expect(done({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "b" }] })).to.deep.equal(["a", "c"]);
  });

  it("fail the whole batch when the function fails", () => {
    const result = { functionError: "Unhandled" as const, payload: { batchItemFailures: [] } };
    expect(finishedMessages(batch, result, true)).to.deep.equal([]);
  });

  it("are not looked at when the mapping does not ask for them", () => {
    expect(done({ batchItemFailures: [{ itemIdentifier: "b" }] }, false)).to.deep.equal(["a", "b", "c"]);
    expect(done("anything", false)).to.deep.equal(["a", "b", "c"]);
  });
});
