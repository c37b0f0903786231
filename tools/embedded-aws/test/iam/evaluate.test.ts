import { expect } from "chai";
import { evaluate, type AccessCase } from "../../iam/evaluate";
import type { PolicyDocument, PolicyStatement } from "../../iam/policyDocument";
import type { Principal } from "../../iam/principal";

// "Policy evaluation for requests within a single account" (reference_policies_evaluation-logic_policy-eval-basics-single-account.html)
// and "AWS JSON policy elements: Principal" (reference_policies_elements_principal.html).

const accountId = "123456789012";
const role: Principal = { kind: "role", arn: `arn:aws:iam::${accountId}:role/worker`, accountId };
const s3: Principal = { kind: "service", arn: "s3.amazonaws.com", accountId };
const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

type Rule = Partial<PolicyStatement>;
const policy = (...rules: Rule[]): PolicyDocument => ({
  Statement: rules.map((rule) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...rule })),
});

function decide(access: {
  who?: Principal;
  identity?: Rule[];
  resource?: Rule[];
  action?: string;
  on?: string;
  context?: Record<string, string>;
}): string {
  const question: AccessCase = {
    principal: access.who ?? role,
    action: access.action ?? "s3:GetObject",
    resource: access.on ?? "arn:aws:s3:::photos/a.jpg",
    context: new Map(Object.entries(access.context ?? {}).map(([key, value]) => [key.toLowerCase(), value])),
    identityPolicies: access.identity ? [{ name: "own", document: policy(...access.identity) }] : [],
    resourcePolicy: access.resource ? policy(...access.resource) : undefined,
  };
  const decision = evaluate(question);
  if (decision.allowed) return `allowed by ${decision.grant.source}`;
  return `${decision.explicit ? "denied" : "not allowed"} by ${decision.source}`;
}

describe("the evaluation of policies", () => {
  const Everyone = { Principal: "*" };
  const Worker = { Principal: { AWS: role.arn } };
  const Account = { Principal: { AWS: `arn:aws:iam::${accountId}:root` } };
  const S3 = { Principal: { Service: "s3.amazonaws.com" } };

  const cases: [string, Parameters<typeof decide>[0], string][] = [
    ["nothing is allowed by default", {}, "not allowed by identity"],
    ["a role's policy allows", { identity: [{}] }, "allowed by identity"],
    ["a resource's policy allows a role that it names", { resource: [Worker] }, "allowed by resource"],
    [
      "a resource's policy does not allow another role",
      { resource: [{ Principal: { AWS: "arn:aws:iam::1:role/x" } }] },
      "not allowed by identity",
    ],
    ["naming the account leaves it to the role's policies", { resource: [Account] }, "not allowed by identity"],
    ["everyone includes roles", { resource: [Everyone] }, "allowed by resource"],
    [
      '{"AWS": "*"} is everyone too',
      { who: anonymous, resource: [{ Principal: { AWS: "*" } }] },
      "allowed by resource",
    ],
    ["everyone includes anonymous callers", { who: anonymous, resource: [Everyone] }, "allowed by resource"],
    ["anonymous callers need the resource's policy", { who: anonymous }, "not allowed by resource"],
    ["anonymous callers are not of the account", { who: anonymous, resource: [Account] }, "not allowed by resource"],
    ["a service needs the resource's policy", { who: s3 }, "not allowed by resource"],
    ["a service that is named is allowed", { who: s3, resource: [S3] }, "allowed by resource"],
    ["another service is not", { who: { ...s3, arn: "sns.amazonaws.com" }, resource: [S3] }, "not allowed by resource"],
    ["a statement without principal applies to no caller", { resource: [{}] }, "not allowed by identity"],

    ["a deny wins over an allow in one policy", { identity: [{}, { Effect: "Deny" }] }, "denied by identity"],
    [
      "a role's deny wins over a resource's allow",
      { identity: [{ Effect: "Deny" }], resource: [Worker] },
      "denied by identity",
    ],
    [
      "a resource's deny wins over a role's allow",
      { identity: [{}], resource: [{ ...Everyone, Effect: "Deny" }] },
      "denied by resource",
    ],
    [
      "a deny for the account hits its roles",
      { identity: [{}], resource: [{ ...Account, Effect: "Deny" }] },
      "denied by resource",
    ],
    [
      "a deny for another role does not hit",
      { identity: [{}], resource: [{ Principal: { AWS: "arn:aws:iam::1:role/x" }, Effect: "Deny" }] },
      "allowed by identity",
    ],
    [
      "a deny of another action does not hit",
      { identity: [{}, { Effect: "Deny", Action: "s3:PutObject" }] },
      "allowed by identity",
    ],

    ["another action is not allowed", { identity: [{ Action: "s3:PutObject" }] }, "not allowed by identity"],
    ["one of several actions", { identity: [{ Action: ["s3:PutObject", "s3:GetObject"] }] }, "allowed by identity"],
    ["an action with *", { identity: [{ Action: "s3:Get*" }] }, "allowed by identity"],
    ["an action with ?", { identity: [{ Action: "s3:?etObject" }] }, "allowed by identity"],
    ["an action that only starts the same", { identity: [{ Action: "s3:Get" }] }, "not allowed by identity"],
    ["actions know no case", { identity: [{ Action: "S3:getobject" }] }, "allowed by identity"],
    [
      "NotAction allows all others",
      { identity: [{ Action: undefined, NotAction: "s3:PutObject" }] },
      "allowed by identity",
    ],
    [
      "NotAction does not allow its own",
      { identity: [{ Action: undefined, NotAction: ["s3:Get*"] }] },
      "not allowed by identity",
    ],

    ["the exact resource", { identity: [{ Resource: "arn:aws:s3:::photos/a.jpg" }] }, "allowed by identity"],
    ["a prefix", { identity: [{ Resource: "arn:aws:s3:::photos/*" }] }, "allowed by identity"],
    [
      "* reaches over slashes",
      { identity: [{ Resource: "arn:aws:s3:::photos/*" }], on: "arn:aws:s3:::photos/a/b" },
      "allowed by identity",
    ],
    ["another bucket", { identity: [{ Resource: "arn:aws:s3:::other/*" }] }, "not allowed by identity"],
    ["the bucket is not its objects", { identity: [{ Resource: "arn:aws:s3:::photos" }] }, "not allowed by identity"],
    ["resources know case", { identity: [{ Resource: "arn:aws:s3:::PHOTOS/*" }] }, "not allowed by identity"],
    [
      "a dot in a resource is a dot",
      { identity: [{ Resource: "arn:aws:s3:::photos/a?jp." }] },
      "not allowed by identity",
    ],
    [
      "NotResource allows all others",
      { identity: [{ Resource: undefined, NotResource: "arn:aws:s3:::other/*" }] },
      "allowed by identity",
    ],
    [
      "NotResource does not allow its own",
      { identity: [{ Resource: undefined, NotResource: "arn:aws:s3:::photos/*" }] },
      "not allowed by identity",
    ],
    [
      "a name with line breaks and emoji",
      { identity: [{ Resource: "arn:aws:s3:::photos/?.jpg" }], on: "arn:aws:s3:::photos/😀.jpg" },
      "allowed by identity",
    ],
  ];
  for (const [name, access, expected] of cases) {
    it(`${name}: ${expected}`, () => {
      expect(decide(access)).to.equal(expected);
    });
  }
});

// "IAM JSON policy elements: Condition operators" (reference_policies_elements_condition_operators.html).
describe("the conditions of a statement", () => {
  type Condition = NonNullable<PolicyStatement["Condition"]>;
  const context = {
    "aws:SourceArn": "arn:aws:s3:::photos",
    "aws:SecureTransport": "true",
    "s3:prefix": "images/",
    "s3:max-keys": "10",
  };
  const cases: [Condition, boolean][] = [
    [{ StringEquals: { "s3:prefix": "images/" } }, true],
    [{ StringEquals: { "S3:PREFIX": "images/" } }, true],
    [{ StringEquals: { "s3:prefix": "Images/" } }, false],
    [{ StringEquals: { "s3:prefix": "images/*" } }, false],
    [{ StringEquals: { "s3:prefix": ["other/", "images/"] } }, true],
    [{ StringEquals: { "s3:missing": "x" } }, false],
    [{ StringEqualsIfExists: { "s3:missing": "x" } }, true],
    [{ StringEqualsIfExists: { "s3:prefix": "x" } }, false],
    [{ StringEqualsIgnoreCase: { "s3:prefix": "IMAGES/" } }, true],
    [{ StringNotEquals: { "s3:prefix": "other/" } }, true],
    [{ StringNotEquals: { "s3:prefix": ["other/", "images/"] } }, false],
    [{ StringNotEquals: { "s3:missing": "x" } }, true],
    [{ StringNotEqualsIgnoreCase: { "s3:prefix": "IMAGES/" } }, false],
    [{ StringLike: { "s3:prefix": "ima*" } }, true],
    [{ StringLike: { "s3:prefix": "ima" } }, false],
    [{ StringLikeIfExists: { "s3:missing": "ima*" } }, true],
    [{ "ForAllValues:StringEquals": { "s3:missing": "x" } }, true],
    [{ "ForAllValues:StringEquals": { "s3:prefix": "x" } }, false],
    [{ "ForAllValues:StringLike": { "s3:prefix": "ima*" } }, true],
    [{ StringNotLike: { "s3:prefix": "ima*" } }, false],
    [{ StringNotLike: { "s3:prefix": "x*" } }, true],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photos" } }, true],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::ph*" } }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:*:*:*:photos" } }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:*:photos" } }, false],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::other" } }, false],
    [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:s3:::other" } }, true],
    [{ ArnNotLike: { "aws:SourceArn": "arn:aws:s3:::ph*" } }, false],
    [{ Bool: { "aws:SecureTransport": "true" } }, true],
    [{ Bool: { "aws:SecureTransport": true } }, true],
    [{ Bool: { "aws:SecureTransport": "false" } }, false],
    [{ Bool: { "aws:Missing": "false" } }, false],
    [{ BoolIfExists: { "aws:Missing": "false" } }, true],
    [{ NumericEquals: { "s3:max-keys": 10 } }, true],
    [{ NumericNotEquals: { "s3:max-keys": "10" } }, false],
    [{ NumericLessThan: { "s3:max-keys": "10" } }, false],
    [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, true],
    [{ NumericGreaterThan: { "s3:max-keys": "9" } }, true],
    [{ NumericGreaterThanEquals: { "s3:max-keys": "11" } }, false],
    [{ Null: { "s3:missing": "true" } }, true],
    [{ Null: { "s3:prefix": "true" } }, false],
    [{ Null: { "s3:prefix": "false" } }, true],
    // All operators and all keys must hold.
    [{ StringEquals: { "s3:prefix": "images/", "s3:missing": "x" } }, false],
    [{ StringEquals: { "s3:prefix": "images/" }, Bool: { "aws:SecureTransport": "false" } }, false],
    [{ StringEquals: { "s3:prefix": "images/" }, Bool: { "aws:SecureTransport": "true" } }, true],
  ];
  for (const [Condition, holds] of cases) {
    it(`${JSON.stringify(Condition)} ${holds ? "holds" : "does not hold"}`, () => {
      expect(decide({ identity: [{ Condition }], context })).to.equal(
        holds ? "allowed by identity" : "not allowed by identity",
      );
    });
  }
});
