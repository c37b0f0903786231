import { expect } from "chai";
import type { AccessDecision, DeclaredPolicy } from "../../../embedded-aws";
import { reportOf } from "../../privileges/report";
import { diffOf, smallestPolicies } from "../../privileges/smallest";
import { callOf, grantOf, photos, policyOf } from "./support";

const surplusOf = (policy: DeclaredPolicy, calls: AccessDecision[]) =>
  smallestPolicies([policy], calls, reportOf([policy], calls).unused);

const statementsOf = (policy: DeclaredPolicy, calls: AccessDecision[]): unknown =>
  surplusOf(policy, calls).map(({ smallest }) => smallest?.Statement);

describe("the smallest policy that would have sufficed", () => {
  const table = "arn:aws:dynamodb:eu-west-1:000000000000:table/t";
  const actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"];
  const get = callOf("dynamodb:GetItem", table, [grantOf("P", 0, "dynamodb:GetItem", table)]);

  it("is the same one where all of it was used", () => {
    expect(surplusOf(policyOf("P", [{ Action: ["dynamodb:GetItem"], Resource: table }]), [get])).to.be.empty;
  });

  it("leaves out actions, and statements, that no call used", () => {
    const policy = policyOf("P", [
      { Action: actions, Resource: table },
      { Action: "s3:GetObject", Resource: "*" },
    ]);
    expect(statementsOf(policy, [get])).to.deep.equal([
      [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: table }],
    ]);
  });

  it("has a statement for each set of resources", () => {
    const Resource = [`${photos}/a`, `${photos}/b`];
    const policy = policyOf("P", [{ Action: ["s3:GetObject", "s3:PutObject"], Resource }]);
    const call = (action: string, key: string) =>
      callOf(action, `${photos}/${key}`, [grantOf("P", 0, action, `${photos}/${key}`)]);
    const calls = [call("s3:GetObject", "a"), call("s3:GetObject", "b"), call("s3:PutObject", "b")];
    expect(statementsOf(policy, calls)).to.deep.equal([
      [
        { Effect: "Allow", Action: "s3:GetObject", Resource },
        { Effect: "Allow", Action: "s3:PutObject", Resource: `${photos}/b` },
      ],
    ]);
  });

  it("names the folder of a bucket in which all keys were, and no narrower one than the calls show", () => {
    const Resource = `${photos}/*`;
    const policy = policyOf("P", [{ Action: "s3:GetObject", Resource }]);
    const read = (key: string) =>
      callOf("s3:GetObject", `${photos}/${key}`, [grantOf("P", 0, "s3:GetObject", Resource)]);
    expect(statementsOf(policy, [read("raw/a/1"), read("raw/b/1")])).to.deep.equal([
      [{ Effect: "Allow", Action: "s3:GetObject", Resource: `${photos}/raw/*` }],
    ]);
    expect(statementsOf(policy, [read("raw/a/1"), read("large/a/1")])).to.be.empty;
    expect(statementsOf(policy, [read("rawer/a"), read("raw/a")])).to.be.empty;
  });

  it("keeps conditions, and what it denies", () => {
    const Condition = { Null: { "s3:if-none-match": "false" } };
    const deny = { Effect: "Deny" as const, Action: "s3:PutObject", Resource: `${photos}/raw/*` };
    const policy = policyOf("P", [{ Action: ["s3:PutObject", "s3:GetObject"], Resource: photos, Condition }, deny]);
    const call = callOf("s3:PutObject", photos, [grantOf("P", 0, "s3:PutObject", photos)]);
    expect(statementsOf(policy, [call])).to.deep.equal([
      [{ Effect: "Allow", Action: "s3:PutObject", Resource: photos, Condition }, deny],
    ]);
  });

  it("is none where no call used any of it", () => {
    expect(statementsOf(policyOf("P", [{ Action: actions, Resource: table }]), [])).to.deep.equal([undefined]);
  });

  it("of a queue keeps its principals", () => {
    const holder = "arn:aws:sqs:eu-west-1:000000000000:q";
    const send = { Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage", Resource: holder };
    const receive = { Principal: "*", Action: "sqs:ReceiveMessage", Resource: holder };
    const policy = policyOf("queue policy", [send, receive], { source: "resource", holder });
    const by = grantOf("queue policy", 0, "sqs:SendMessage", holder, { source: "resource", holder });
    expect(statementsOf(policy, [callOf("sqs:SendMessage", holder, [by])])).to.deep.equal([
      [{ Effect: "Allow", ...send }],
    ]);
  });

  it("is told as a diff", () => {
    const policy = policyOf("P", [{ Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: table }]);
    const [surplus] = surplusOf(policy, [get]);
    expect(diffOf(surplus!)).to.deep.equal([
      "@@ -2,12 +2,9 @@",
      '   "Version": "2012-10-17",',
      '   "Statement": [',
      "     {",
      '       "Effect": "Allow",',
      '-      "Action": [',
      '-        "dynamodb:GetItem",',
      '-        "dynamodb:PutItem"',
      "-      ],",
      '+      "Action": "dynamodb:GetItem",',
      `       "Resource": "${table}"`,
      "     }",
      "   ]",
      " }",
    ]);
  });
});
