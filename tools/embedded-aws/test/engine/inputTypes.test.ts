import { expect } from "chai";
import { problemsOf } from "../../engine/inputTypes";
import { UNKNOWN } from "../../engine/values";
import { toySchema } from "./toyTable";

const QUEUE = "aws:sqs/queue:Queue";
const ROLE = "aws:iam/role:Role";

const reasons = (type: string, inputs: Record<string, unknown>): string[] =>
  problemsOf(toySchema, type, inputs).map(({ path, reason }) => `${path} ${reason}`);

describe("the schema of resource inputs", () => {
  it("accepts what AWS's provider accepts", () => {
    const inputs = { name: "q", fifoQueue: false, tags: { a: "b" }, visibilityTimeoutSeconds: 30, policy: null };
    expect(reasons(QUEUE, inputs)).to.deep.equal([]);
  });

  it("refuses an unknown property and suggests the known ones that start alike", () => {
    expect(reasons(QUEUE, { visibilityTimeout: 30 })).to.deep.equal([
      "visibilityTimeout is not a property that AWS's provider knows; did you mean visibilityTimeoutSeconds?",
    ]);
  });

  it("refuses an ill-typed value, with the value and what is allowed", () => {
    expect(reasons(QUEUE, { fifoQueue: "yes", tags: ["a"] })).to.deep.equal([
      'fifoQueue must be boolean, not string "yes"',
      'tags must be a map of string, not list ["a"]',
    ]);
  });

  it("looks into lists, maps and nested objects", () => {
    const inputs = { assumeRolePolicy: "{}", inlinePolicies: [{ name: "a" }, { nam: "b" }], tags: { x: 1 } };
    expect(reasons(ROLE, inputs)).to.deep.equal([
      "inlinePolicies[1].nam is not a property that AWS's provider knows; did you mean name?",
      'tags["x"] must be string, not number 1',
    ]);
  });

  it("refuses inputs without a required property", () => {
    expect(reasons(ROLE, {})).to.deep.equal(["assumeRolePolicy is required and missing"]);
  });

  it("accepts either of two types", () => {
    expect(reasons(ROLE, { assumeRolePolicy: { Version: "2012-10-17" } })).to.deep.equal([]);
    expect(reasons(ROLE, { assumeRolePolicy: 3 })).to.deep.equal([
      "assumeRolePolicy must be string or an object (PolicyDocument), not number 3",
    ]);
  });

  it("lets unknown values pass", () => {
    expect(reasons(QUEUE, { fifoQueue: UNKNOWN, tags: { a: UNKNOWN } })).to.deep.equal([]);
  });

  it("says when the table lacks the type", () => {
    expect(reasons("aws:x/y:Z", {})[0]).to.include("aws:x/y:Z");
  });
});
