import { expect } from "chai";
import { evaluate, type AccessCase } from "../../iam/evaluate";
import type { PolicyDocument, PolicyStatement } from "../../iam/policyDocument";
import type { Principal } from "../../iam/principal";

const accountId = "123456789012";
const otherAccountId = "210987654321";
const role: Principal = { kind: "role", arn: `arn:aws:iam::${accountId}:role/worker`, accountId };
const stranger: Principal = {
  kind: "role",
  arn: `arn:aws:iam::${otherAccountId}:role/stranger`,
  accountId: otherAccountId,
};
const s3: Principal = { kind: "service", arn: "s3.amazonaws.com", accountId };
const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

type Rule = Partial<PolicyStatement>;
const policy = (...rules: Rule[]): PolicyDocument => ({
  Statement: rules.map((rule) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...rule })),
});

interface Case {
  who?: Principal;
  identity?: Rule[];
  resource?: Rule[];
  action?: string;
  on?: string;
}

function decide(access: Case): string {
  const question: AccessCase = {
    accountId,
    principal: access.who ?? role,
    action: access.action ?? "s3:GetObject",
    resource: access.on ?? "arn:aws:s3:::photos/a.jpg",
    context: new Map(),
    identityPolicies: access.identity ? [{ holder: role.arn, name: "own", document: policy(...access.identity) }] : [],
    resourcePolicy: access.resource && {
      holder: "arn:aws:s3:::photos",
      name: "bucket policy",
      document: policy(...access.resource),
    },
  };
  const decision = evaluate(question);
  if (decision.allowed) return `allowed by ${[...new Set(decision.by.map(({ source }) => source))].join(" and ")}`;
  return `${decision.explicit ? "denied" : "not allowed"} by ${decision.source}`;
}

/** The title of a page of the IAM User Guide, and what it says, case by case. */
function group(title: string, cases: [string, Case, string][]): void {
  describe(title, () => {
    for (const [name, access, expected] of cases) {
      it(`${name}: ${expected}`, () => {
        expect(decide(access)).to.equal(expected);
      });
    }
  });
}

describe("the evaluation of policies", () => {
  const Everyone = { Principal: "*" };
  const Worker = { Principal: { AWS: role.arn } };
  const Account = { Principal: { AWS: `arn:aws:iam::${accountId}:root` } };
  const Stranger = { Principal: { AWS: stranger.arn } };
  const S3 = { Principal: { Service: "s3.amazonaws.com" } };

  group("Policy evaluation for requests within a single account", [
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

    [
      "a resource's policy allows the session of a role",
      { resource: [{ Principal: { AWS: `arn:aws:sts::${accountId}:assumed-role/worker/local` } }] },
      "allowed by resource",
    ],
    ["both may allow", { identity: [{}], resource: [Worker] }, "allowed by identity and resource"],
  ]);

  group("The difference between explicit and implicit denies", [
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

    ["a deny wins in whatever order the statements are", { identity: [{ Effect: "Deny" }, {}] }, "denied by identity"],
  ]);

  group("IAM JSON policy elements: Action", [
    ["another action is not allowed", { identity: [{ Action: "s3:PutObject" }] }, "not allowed by identity"],
    ["one of several actions", { identity: [{ Action: ["s3:PutObject", "s3:GetObject"] }] }, "allowed by identity"],
    ["an action with *", { identity: [{ Action: "s3:Get*" }] }, "allowed by identity"],
    ["an action with ?", { identity: [{ Action: "s3:?etObject" }] }, "allowed by identity"],
    ["an action that only starts the same", { identity: [{ Action: "s3:Get" }] }, "not allowed by identity"],
    ["actions know no case", { identity: [{ Action: "S3:getobject" }] }, "allowed by identity"],
    ["* is every action", { identity: [{ Action: "*" }] }, "allowed by identity"],
  ]);

  group("IAM JSON policy elements: NotAction", [
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

    [
      "a Deny of NotAction denies all others",
      { identity: [{}, { Effect: "Deny", Action: undefined, NotAction: "s3:PutObject" }] },
      "denied by identity",
    ],
    [
      "a Deny of NotAction lets its own through, and allows nothing by itself",
      { identity: [{ Effect: "Deny", Action: undefined, NotAction: "s3:GetObject" }] },
      "not allowed by identity",
    ],
  ]);

  group("IAM JSON policy elements: Resource", [
    ["the exact resource", { identity: [{ Resource: "arn:aws:s3:::photos/a.jpg" }] }, "allowed by identity"],
    ["a prefix", { identity: [{ Resource: "arn:aws:s3:::photos/*" }] }, "allowed by identity"],
    [
      "* reaches over slashes",
      { identity: [{ Resource: "arn:aws:s3:::photos/*" }], on: "arn:aws:s3:::photos/a/b" },
      "allowed by identity",
    ],
    ["another bucket", { identity: [{ Resource: "arn:aws:s3:::other/*" }] }, "not allowed by identity"],
    [
      "a name with emoji",
      { identity: [{ Resource: "arn:aws:s3:::photos/?.jpg" }], on: "arn:aws:s3:::photos/😀.jpg" },
      "allowed by identity",
    ],
    ["the bucket is not its objects", { identity: [{ Resource: "arn:aws:s3:::photos" }] }, "not allowed by identity"],
    ["resources know case", { identity: [{ Resource: "arn:aws:s3:::PHOTOS/*" }] }, "not allowed by identity"],
    [
      "a dot in a resource is a dot",
      { identity: [{ Resource: "arn:aws:s3:::photos/a?jp." }] },
      "not allowed by identity",
    ],
    [
      "a * at the end of a segment reaches over colons",
      { identity: [{ Resource: "arn:aws:s3:*" }] },
      "allowed by identity",
    ],
  ]);

  group("IAM JSON policy elements: NotResource", [
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
      "a Deny of NotResource denies all others",
      { identity: [{}, { Effect: "Deny", Resource: undefined, NotResource: "arn:aws:s3:::other/*" }] },
      "denied by identity",
    ],
    [
      "a Deny of NotResource lets its own through",
      { identity: [{}, { Effect: "Deny", Resource: undefined, NotResource: "arn:aws:s3:::photos/*" }] },
      "allowed by identity",
    ],
  ]);

  group("Cross-account policy evaluation logic", [
    ["the resource's policy alone is not enough", { who: stranger, resource: [Stranger] }, "not allowed by identity"],
    ["the caller's policy alone is not enough", { who: stranger, identity: [{}] }, "not allowed by resource"],
    ["both together are", { who: stranger, identity: [{}], resource: [Stranger] }, "allowed by identity and resource"],
    [
      "the resource's policy may name the caller's account",
      { who: stranger, identity: [{}], resource: [{ Principal: { AWS: otherAccountId } }] },
      "allowed by identity and resource",
    ],
    [
      "the resource's own account is not the caller's",
      { who: stranger, identity: [{}], resource: [Account] },
      "not allowed by resource",
    ],
    [
      "everyone includes other accounts, whose own policies must allow it",
      { who: stranger, resource: [Everyone] },
      "not allowed by identity",
    ],
    [
      "a deny on either side wins: the caller's",
      { who: stranger, identity: [{}, { Effect: "Deny" }], resource: [Stranger] },
      "denied by identity",
    ],
    [
      "a deny on either side wins: the resource's",
      { who: stranger, identity: [{}], resource: [Stranger, { ...Everyone, Effect: "Deny" }] },
      "denied by resource",
    ],
  ]);
});
