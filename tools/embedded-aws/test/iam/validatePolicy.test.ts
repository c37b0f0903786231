import { expect } from "chai";
import { AwsError } from "../../http/awsError";
import { parsePolicy } from "../../iam/validatePolicy";

type Kind = Parameters<typeof parsePolicy>[1];

function refusal(policy: unknown, kind: Kind = "identity"): string {
  try {
    parsePolicy(policy, kind, "policy P");
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return "taken";
}

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const Version = "2012-10-17";
const withCondition = (Condition: object, more: object = {}) => ({
  Version,
  Statement: { ...statement, ...more, Condition },
});
const notImplemented = (what: string): string =>
  `501 NotImplemented: The embedded AWS does not implement ${what} (policy P, statement 0).`;
const malformed = (why: string): string =>
  `400 MalformedPolicyDocument: The policy P, statement 0 is not valid: ${why}.`;
const operators =
  "Null, StringEquals, StringNotEquals, StringEqualsIgnoreCase, StringNotEqualsIgnoreCase, StringLike, StringNotLike, " +
  "ArnEquals, ArnLike, ArnNotEquals, ArnNotLike, Bool, NumericEquals, NumericNotEquals, NumericLessThan, " +
  "NumericLessThanEquals, NumericGreaterThan, NumericGreaterThanEquals";

describe("a policy that the evaluator does not know is refused when it is put, by name:", () => {
  const cases: [what: string, policy: unknown, expected: string, kind?: Kind][] = [];
  for (const operator of ["IpAddress", "DateLessThan", "BinaryEquals", "NullIfExists", "ForAllValues:Null", "toString"])
    cases.push([
      `the operator ${operator}`,
      withCondition({ [operator]: { "aws:SourceArn": "x" } }),
      notImplemented(`the condition operator ${operator}; known are ${operators}`),
    ]);
  for (const key of [
    "aws:SourceIp",
    "aws:PrincipalTag/team",
    "aws:CurrentTime",
    "aws:SourceVpce",
    "s3:ExistingObjectTag/a",
  ])
    cases.push([
      `the condition key ${key}`,
      withCondition({ StringEquals: { [key]: "x" } }),
      notImplemented(`the condition key ${key}`),
    ]);
  cases.push(
    [
      "a plain operator for a key with several values",
      withCondition({ StringEquals: { "dynamodb:LeadingKeys": "x" } }, { Action: "dynamodb:GetItem" }),
      notImplemented("StringEquals for dynamodb:LeadingKeys, which has several values: ForAllValues or ForAnyValue"),
    ],
    [
      "the element NotPrincipal",
      { Statement: { ...statement, NotPrincipal: "*" } },
      notImplemented("the policy element NotPrincipal"),
      "resource",
    ],
    [
      "an element beside Statement",
      { Statements: [], Statement: statement },
      "501 NotImplemented: The embedded AWS does not implement the policy element Statements (policy P).",
    ],
    [
      "the variable aws:username",
      { Version, Statement: { ...statement, Resource: "arn:aws:s3:::${aws:username}" } },
      notImplemented("the policy variable aws:username"),
    ],
    [
      "a variable with several values",
      withCondition({ StringEquals: { "s3:prefix": "${dynamodb:LeadingKeys}" } }),
      notImplemented("the policy variable dynamodb:LeadingKeys"),
    ],
    [
      "a principal of an identity provider",
      { Statement: { ...statement, Principal: { Federated: "example.com" } } },
      notImplemented("principals of kind Federated"),
      "resource",
    ],
  );
  for (const [what, policy, expected, kind] of cases)
    it(what, () => {
      expect(refusal(policy, kind)).to.equal(expected);
    });
});

describe("a policy that AWS refuses is refused in the same way:", () => {
  const cases: [what: string, policy: unknown, expected: string, kind?: Kind][] = [
    ["a principal", { Statement: { ...statement, Principal: "*" } }, malformed("an identity policy has no Principal")],
    ["no principal", { Statement: statement }, malformed("Principal is undefined"), "resource"],
    [
      "a part of a principal as wildcard",
      { Statement: { ...statement, Principal: { AWS: "arn:aws:iam::123456789012:role/*" } } },
      malformed(
        'Principal has the AWS entry "arn:aws:iam::123456789012:role/*"; a wildcard stands for everyone, alone',
      ),
      "resource",
    ],
    [
      "another effect",
      { Statement: { ...statement, Effect: "Maybe" } },
      malformed('Effect is "Maybe"; allowed are "Allow" and "Deny"'),
    ],
    [
      "no action",
      { Statement: [{ Effect: "Allow", Resource: "*" }] },
      malformed("it must have either Action or NotAction"),
    ],
    [
      "Action and NotAction",
      { Statement: { ...statement, NotAction: "s3:PutObject" } },
      malformed("it must have either Action or NotAction"),
    ],
    ["an empty list of actions", { Statement: { ...statement, Action: [] } }, malformed("Action has no entry")],
    [
      "an action without a service",
      { Statement: { ...statement, Action: "GetObject" } },
      malformed('Action has the entry "GetObject", which is not like s3:GetObject'),
    ],
    [
      "a variable in an action",
      { Version, Statement: { ...statement, Action: "s3:${aws:PrincipalArn}" } },
      malformed('Action has the entry "s3:${aws:PrincipalArn}", which is not like s3:GetObject'),
    ],
    [
      "no resource",
      { Statement: [{ Effect: "Allow", Action: "*" }] },
      malformed("it must have either Resource or NotResource"),
    ],
    [
      "a resource that is not an ARN",
      { Statement: { ...statement, Resource: "photos/*" } },
      malformed('Resource has the entry "photos/*", which is neither an ARN nor "*"'),
    ],
    [
      "a wildcard for the service of an ARN",
      { Statement: { ...statement, Resource: "arn:aws:*:::photos" } },
      malformed('Resource has the entry "arn:aws:*:::photos", whose service is a wildcard'),
    ],
    [
      "a variable without an end",
      { Version, Statement: { ...statement, Resource: "arn:aws:s3:::${aws:PrincipalArn" } },
      malformed('"arn:aws:s3:::${aws:PrincipalArn" has a "${" that begins no policy variable'),
    ],
    [
      "a variable without a name",
      { Version, Statement: { ...statement, Resource: "arn:aws:s3:::${}" } },
      malformed('"arn:aws:s3:::${}" has a "${" that begins no policy variable'),
    ],
    [
      "a resource of a trust policy",
      { Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", NotResource: "*" } },
      malformed("a trust policy has no Resource"),
      "trust",
    ],
    [
      "a condition without a value",
      withCondition({ StringEquals: { "s3:prefix": [] } }),
      malformed("the condition StringEquals of s3:prefix has no value"),
    ],
    [
      "a Bool that is none",
      withCondition({ Bool: { "aws:SecureTransport": "yes" } }),
      malformed('the condition Bool of aws:SecureTransport has the value "yes"'),
    ],
    [
      "a variable where a number belongs",
      withCondition({ NumericLessThan: { "s3:max-keys": "${s3:max-keys}" } }),
      malformed('the condition NumericLessThan of s3:max-keys has the value "${s3:max-keys}"'),
    ],
    [
      "a value that is not text",
      withCondition({ StringEquals: { "s3:prefix": { a: 1 } } }),
      malformed('the condition StringEquals of s3:prefix has the value {"a":1}'),
    ],
    ["a condition that is a list", withCondition([]), malformed("Condition is []")],
    [
      "another version",
      { Version: "2020", Statement: statement },
      '400 MalformedPolicyDocument: The policy P is not valid: Version is "2020"; allowed are "2012-10-17" and "2008-10-17".',
    ],
    [
      "no statement",
      { Statement: [] },
      "400 MalformedPolicyDocument: The policy P is not valid: its Statement is empty.",
    ],
    ["a text that is not JSON", "{", '400 MalformedPolicyDocument: The policy P is not valid: it is not JSON: "{".'],
    ["an empty object", {}, "400 MalformedPolicyDocument: The policy P is not valid: it has no Statement."],
  ];
  for (const [what, policy, expected, kind] of cases)
    it(what, () => {
      expect(refusal(policy, kind)).to.equal(expected);
    });
});

describe("a policy is taken", () => {
  const cases: [what: string, policy: unknown, kind?: Kind][] = [
    ["with Id and Sid", { Version, Id: "i", Statement: { ...statement, Sid: "s" } }],
    ["as text", JSON.stringify({ Version, Statement: [statement] })],
    [
      "with a condition key of services that do not run here, about them alone",
      withCondition({ Null: { "lambda:SourceFunctionArn": "false" } }, { Action: ["ec2:DescribeSubnets"] }),
    ],
    ["with variables that calls carry", withCondition({ StringLike: { "s3:prefix": "${aws:PrincipalAccount}/${*}" } })],
    [
      "of an older version, whose variables are none",
      { Statement: { ...statement, Resource: "arn:aws:s3:::${aws:username}" } },
    ],
    ["with everyone as principal", { Statement: { ...statement, Principal: { AWS: "*" } } }, "resource"],
  ];
  for (const [what, policy, kind] of cases)
    it(what, () => {
      expect(refusal(policy, kind)).to.equal("taken");
    });
});
