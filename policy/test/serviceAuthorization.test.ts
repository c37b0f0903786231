import { expect } from "chai";

import { statementsOf } from "../model/policyDocument";
import { refusedByReference } from "../rules/iam/serviceAuthorization";
import { resource } from "./fixture";

interface Written {
  Effect: string;
  Action?: string;
  NotAction?: string;
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

describe("AWS's Service Authorization Reference", () => {
  const bucket = "arn:aws:s3:::snail-images-dev-1234567";
  const allow = (statement: Partial<Written>): Written => ({
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucket}/raw/*`,
    ...statement,
  });
  const cases: [string, Written, string[]][] = [
    ["an action and a key that belong together", allow({}), []],
    ["an unknown action", allow({ Action: "s3:ReadObject" }), ["s3:ReadObject: there is no such action"]],
    ["an unknown service", allow({ Action: "s4:GetObject" }), ["s4:GetObject: there is no such action"]],
    [
      "a bucket where an object is meant",
      allow({ Resource: bucket }),
      [`s3:GetObject: has no resource type for ${bucket}`],
    ],
    [
      "a key where a bucket is meant",
      allow({ Action: "s3:ListBucket" }),
      [`s3:ListBucket: has no resource type for ${bucket}/raw/*`],
    ],
    [
      "a resource type that is missing",
      allow({ Action: "lambda:GetLayerVersion", Resource: ["arn:aws:lambda:eu-west-1:123456789012:function:f"] }),
      [
        "lambda:GetLayerVersion: has no resource type for arn:aws:lambda:eu-west-1:123456789012:function:f",
        "lambda:GetLayerVersion: needs a resource of type layerVersion",
      ],
    ],
    [
      "a resource for an action that has none",
      allow({ Action: "xray:PutTraceSegments" }),
      [`xray:PutTraceSegments: has no resource type for ${bucket}/raw/*`],
    ],
    [
      "a condition key of another action",
      allow({ Condition: { StringLike: { "s3:prefix": "images/*" } } }),
      ["s3:GetObject: does not know the condition key s3:prefix"],
    ],
    [
      "an unknown condition key",
      allow({ Condition: { StringLike: { "s3:praefix": "images/*" } } }),
      ["s3:GetObject: there is no condition key s3:praefix"],
    ],
    ["a key of every request", allow({ Condition: { Bool: { "aws:SecureTransport": "true" } } }), []],
    ["an asterisk in an action", allow({ Action: "s3:GetObject*" }), []],
    [
      "an asterisk in an action that stands for none",
      allow({ Action: "s3:Fetch*" }),
      ["s3:Fetch*: there is no such action"],
    ],
    [
      "an exception that stands for none",
      allow({ Action: undefined, NotAction: "s3:FetchObject" }),
      ["s3:FetchObject: there is no such action"],
    ],
  ];
  for (const [what, statement, refused] of cases)
    it(`knows ${what}`, async () => {
      const [normal] = statementsOf(resource("aws:iam/policy:Policy", "policy"), "policy", { Statement: statement })!;
      expect(await refusedByReference(normal!)).to.deep.equal(refused);
    });
});
