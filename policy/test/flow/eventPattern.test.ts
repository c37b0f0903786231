import { expect } from "chai";

import { mayMatch } from "../../flow/eventPattern";
import { beginningWith, literal, oneOf } from "../../model/pattern";

const fields = {
  source: oneOf(literal("aws.s3")),
  "detail.bucket.name": oneOf(literal("photos")),
  "detail.object.key": oneOf(beginningWith("in/")),
};
const keys = (...matchers: unknown[]) => ({ detail: { object: { key: matchers } } });

describe("event patterns", () => {
  const cases: [string, Record<string, unknown>, boolean][] = [
    ["nothing", {}, true],
    ["the source", { source: ["aws.s3"] }, true],
    ["one of several sources", { source: ["aws.sqs", "aws.s3"] }, true],
    ["another source", { source: ["aws.sqs"] }, false],
    ["a field of which nothing is known", { detail: { reason: ["PutObject"] } }, true],
    ["two fields, one of which differs", { source: ["aws.s3"], detail: { bucket: { name: ["other"] } } }, false],
    ["the same prefix", keys({ prefix: "in/" }), true],
    ["a longer prefix", keys({ prefix: "in/small/" }), true],
    ["another prefix", keys({ prefix: "out/" }), false],
    ["a suffix", keys({ suffix: ".jpg" }), true],
    ["a wildcard", keys({ wildcard: "*/small/*" }), true],
    ["a wildcard elsewhere", keys({ wildcard: "out/*" }), false],
    ["a wildcard with a question mark, which stands for itself", keys({ wildcard: "i?/*" }), false],
    ["anything but a part", keys({ "anything-but": { prefix: "in/small/" } }), true],
    ["anything but all", keys({ "anything-but": { prefix: ["in/", "out/"] } }), false],
    ["anything but some texts", keys({ "anything-but": ["in/a", "in/b"] }), true],
    ["anything but a wildcard around all", keys({ "anything-but": { wildcard: "*/*" } }), false],
    ["anything but what goes by case", keys({ "anything-but": { "equals-ignore-case": "IN/A" } }), true],
    ["what goes by case", keys({ "equals-ignore-case": "IN/A" }), true],
    ["a number", keys({ numeric: [">", 1] }), true],
    ["that it exists", keys({ exists: true }), true],
    ["that it does not exist", keys({ exists: false }), false],
    ["one of two ways", { $or: [{ source: ["aws.sqs"] }, keys({ prefix: "in/" })] }, true],
    ["neither of two ways", { $or: [{ source: ["aws.sqs"] }, keys({ prefix: "out/" })] }, false],
    ["a way inside", { detail: { $or: [{ bucket: { name: ["other"] } }, { object: { key: ["in/a"] } }] } }, true],
  ];
  for (const [title, pattern, expected] of cases)
    it(`${expected ? "may" : "cannot"} match by ${title}`, () => expect(mayMatch(pattern, fields)).to.equal(expected));
});
