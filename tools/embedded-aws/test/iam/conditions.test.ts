import { expect } from "chai";
import { evaluate } from "../../iam/evaluate";
import type { PolicyStatement } from "../../iam/policyDocument";

type Condition = NonNullable<PolicyStatement["Condition"]>;
type Keys = Record<string, string | string[]>;

const arn = "arn:aws:iam::123456789012:role/worker";

/** Whether a statement applies to a call, by its condition and its resource. */
function applies(
  context: Keys,
  { Version, ...more }: Partial<PolicyStatement> & { Version?: string },
  on = "arn:aws:s3:::photos/a.jpg",
): boolean {
  const all = more.NotResource === undefined ? { Resource: "*" } : {};
  const Statement: PolicyStatement = { Effect: "Allow", Action: "s3:GetObject", ...all, ...more };
  return evaluate({
    principal: { kind: "role", arn, accountId: "123456789012" },
    action: "s3:GetObject",
    resource: on,
    accountId: "123456789012",
    context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value])),
    identityPolicies: [{ holder: arn, name: "own", document: { Version, Statement } }],
  }).allowed;
}

/** The title of a page of the IAM User Guide, or of a part of one, and what it says, case by case. */
function group(title: string, context: Keys, cases: [Condition, boolean][]): void {
  describe(title, () => {
    for (const [Condition, holds] of cases)
      it(`${JSON.stringify(Condition)} ${holds ? "holds" : "does not hold"}`, () => {
        expect(applies(context, { Condition })).to.equal(holds);
      });
  });
}

const call = {
  "aws:SourceArn": "arn:aws:s3:::photos",
  "aws:SecureTransport": "true",
  "s3:prefix": "images/",
  "s3:max-keys": "10",
};

describe("the conditions of a statement", () => {
  group("IAM JSON policy elements: Condition operators, String", call, [
    [{ StringEquals: { "s3:prefix": "images/" } }, true],
    [{ StringEquals: { "S3:PREFIX": "images/" } }, true],
    [{ StringEquals: { "s3:prefix": "Images/" } }, false],
    [{ StringEquals: { "s3:prefix": "images/*" } }, false],
    [{ StringEquals: { "s3:prefix": ["other/", "images/"] } }, true],
    [{ StringEquals: { "s3:missing": "x" } }, false],
    [{ StringEqualsIgnoreCase: { "s3:prefix": "IMAGES/" } }, true],
    [{ StringNotEquals: { "s3:prefix": "other/" } }, true],
    [{ StringNotEquals: { "s3:prefix": ["other/", "images/"] } }, false],
    [{ StringNotEquals: { "s3:missing": "x" } }, true],
    [{ StringNotEqualsIgnoreCase: { "s3:prefix": "IMAGES/" } }, false],
    [{ StringLike: { "s3:prefix": "ima*" } }, true],
    [{ StringLike: { "s3:prefix": "image?/" } }, true],
    [{ StringLike: { "s3:prefix": "ima" } }, false],
    [{ StringLike: { "s3:prefix": "IMA*" } }, false],
    [{ StringNotLike: { "s3:prefix": "ima*" } }, false],
    [{ StringNotLike: { "s3:prefix": "x*" } }, true],
    [{ StringNotLike: { "s3:missing": "x*" } }, true],
  ]);

  group("IAM JSON policy elements: Condition operators, ARN", call, [
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photos" } }, true],
    [{ ArnEquals: { "aws:SourceArn": "arn:aws:s3:::ph*" } }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:*:*:*:photos" } }, true],
    [{ ArnLike: { "aws:SourceArn": "arn:*:photos" } }, false],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::other" } }, false],
    [{ ArnLike: { "aws:missing": "arn:aws:s3:::photos" } }, false],
    [{ ArnNotEquals: { "aws:SourceArn": "arn:aws:s3:::other" } }, true],
    [{ ArnNotLike: { "aws:SourceArn": "arn:aws:s3:::ph*" } }, false],
    [{ ArnNotLike: { "aws:missing": "arn:aws:s3:::ph*" } }, true],
  ]);

  group("IAM JSON policy elements: Condition operators, Boolean and Numeric", call, [
    [{ Bool: { "aws:SecureTransport": "true" } }, true],
    [{ Bool: { "aws:SecureTransport": true } }, true],
    [{ Bool: { "aws:SecureTransport": "false" } }, false],
    [{ Bool: { "aws:Missing": "false" } }, false],
    [{ NumericEquals: { "s3:max-keys": 10 } }, true],
    [{ NumericNotEquals: { "s3:max-keys": "10" } }, false],
    [{ NumericNotEquals: { "s3:missing": "10" } }, true],
    [{ NumericLessThan: { "s3:max-keys": "10" } }, false],
    [{ NumericLessThanEquals: { "s3:max-keys": "10" } }, true],
    [{ NumericGreaterThan: { "s3:max-keys": "9" } }, true],
    [{ NumericGreaterThanEquals: { "s3:max-keys": "11" } }, false],
  ]);

  group("IAM JSON policy elements: Condition operators, ...IfExists", call, [
    [{ StringEqualsIfExists: { "s3:missing": "x" } }, true],
    [{ StringEqualsIfExists: { "s3:prefix": "x" } }, false],
    [{ StringEqualsIfExists: { "s3:prefix": "images/" } }, true],
    [{ StringNotEqualsIfExists: { "s3:prefix": "images/" } }, false],
    [{ StringLikeIfExists: { "s3:missing": "ima*" } }, true],
    [{ ArnLikeIfExists: { "aws:missing": "arn:aws:s3:::photos" } }, true],
    [{ BoolIfExists: { "aws:Missing": "false" } }, true],
    [{ BoolIfExists: { "aws:SecureTransport": "false" } }, false],
    [{ NumericLessThanIfExists: { "s3:missing": "1" } }, true],
    [{ "ForAnyValue:StringEqualsIfExists": { "dynamodb:LeadingKeys": "x" } }, true],
    // Others in the same condition are asked all the same.
    [{ StringEqualsIfExists: { "s3:missing": "x" }, StringEquals: { "s3:prefix": "other/" } }, false],
  ]);

  group("IAM JSON policy elements: Condition operators, Null", { ...call, "dynamodb:LeadingKeys": [] }, [
    [{ Null: { "s3:missing": "true" } }, true],
    [{ Null: { "s3:missing": "false" } }, false],
    [{ Null: { "s3:prefix": "true" } }, false],
    [{ Null: { "s3:prefix": "false" } }, true],
    [{ Null: { "s3:prefix": false } }, true],
    [{ Null: { "dynamodb:LeadingKeys": "true" } }, true],
  ]);

  group("Conditions with multiple context keys or values", call, [
    // All operators and all keys must hold, and one of the values.
    [{ StringEquals: { "s3:prefix": "images/", "s3:missing": "x" } }, false],
    [{ StringEquals: { "s3:prefix": "images/" }, Bool: { "aws:SecureTransport": "false" } }, false],
    [{ StringEquals: { "s3:prefix": "images/" }, Bool: { "aws:SecureTransport": "true" } }, true],
    [{ NumericEquals: { "s3:max-keys": ["1", "10"] } }, true],
  ]);

  const several = { "dynamodb:LeadingKeys": ["a", "b"] };
  group("Single-valued vs. multivalued context keys, ForAllValues", several, [
    [{ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a", "b", "c"] } }, true],
    [{ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"] } }, false],
    [{ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": "?" } }, true],
    [{ "ForAllValues:StringNotEquals": { "dynamodb:LeadingKeys": "c" } }, true],
    [{ "ForAllValues:StringNotEquals": { "dynamodb:LeadingKeys": "a" } }, false],
  ]);
  group("Single-valued vs. multivalued context keys, ForAllValues without a value", { "dynamodb:LeadingKeys": [""] }, [
    [{ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "x" } }, true],
    [{ "ForAllValues:StringEquals": { "dynamodb:missing": "x" } }, true],
    [{ "ForAllValues:StringEquals": { "dynamodb:missing": "x" }, Null: { "dynamodb:missing": "false" } }, false],
  ]);
  group("Single-valued vs. multivalued context keys, ForAnyValue", several, [
    [{ "ForAnyValue:StringEquals": { "dynamodb:LeadingKeys": ["b", "c"] } }, true],
    [{ "ForAnyValue:StringEquals": { "dynamodb:LeadingKeys": ["c"] } }, false],
    [{ "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": "a*" } }, true],
    [{ "ForAnyValue:StringNotEquals": { "dynamodb:LeadingKeys": "a" } }, true],
    [{ "ForAnyValue:StringEquals": { "dynamodb:missing": "x" } }, false],
    [{ "ForAnyValue:StringNotEquals": { "dynamodb:missing": "x" } }, false],
  ]);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe("IAM policy elements: Variables and tags", () => {
  const context = {
    "aws:PrincipalArn": arn,
    "s3:prefix": "worker/",
    "s3:delimiter": "a*b",
    "aws:PrincipalAccount": "1",
  };
  const Version = "2012-10-17";
  const photos = "arn:aws:s3:::photos";
  const resources: [string, string, string, boolean][] = [
    ["a key's value", `${photos}/\${aws:PrincipalAccount}/*`, `${photos}/1/x`, true],
    ["a key's value, which is another", `${photos}/\${aws:PrincipalAccount}/*`, `${photos}/2/x`, false],
    ["keys without case", `${photos}/\${AWS:principalaccount}`, `${photos}/1`, true],
    ["a key that is missing makes the statement invalid", `${photos}/\${aws:username}*`, `${photos}/1`, false],
    ["a default, where the key is missing", `${photos}/\${aws:username, 'all'}/*`, `${photos}/all/x`, true],
    ["no default, where the key is there", `${photos}/\${aws:PrincipalAccount, 'all'}/*`, `${photos}/all/x`, false],
    ["an asterisk that is one", `${photos}/\${*}.jpg`, `${photos}/*.jpg`, true],
    ["an asterisk that stands for itself", `${photos}/\${*}.jpg`, `${photos}/a.jpg`, false],
    ["a question mark and a dollar", `${photos}/\${?}\${$}`, `${photos}/?$`, true],
    ["no wildcard in a key's value", `${photos}/\${s3:delimiter}`, `${photos}/axb`, false],
    ["a key's value with an asterisk", `${photos}/\${s3:delimiter}`, `${photos}/a*b`, true],
  ];
  for (const [what, Resource, on, expected] of resources)
    it(`in a Resource: ${what}`, () => {
      expect(applies(context, { Resource, Version }, on)).to.equal(expected);
    });

  it("in a NotResource: a key that is missing makes the statement invalid", () => {
    const NotResource = [`${photos}/\${aws:username}`, `${photos}/\${aws:PrincipalAccount}`];
    expect(applies(context, { NotResource, Version }, `${photos}/x`)).to.equal(false);
    expect(applies(context, { NotResource: NotResource.slice(1), Version }, `${photos}/x`)).to.equal(true);
    expect(applies(context, { NotResource: NotResource.slice(1), Version }, `${photos}/1`)).to.equal(false);
  });

  const conditions: [Condition, boolean][] = [
    [{ ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/${s3:delimiter, 'x'}" } }, false],
    [{ StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }, true],
    [{ StringLike: { "s3:prefix": "${aws:PrincipalAccount, 'x'}*" } }, false],
    [{ StringEquals: { "s3:delimiter": "a${*}b" } }, true],
    [{ StringEquals: { "s3:prefix": "${aws:username}/" } }, false],
    [{ StringNotEquals: { "s3:prefix": "${aws:username}/" } }, false],
    [{ StringEqualsIfExists: { "aws:username": "${aws:username}" } }, true],
    [{ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "${aws:username}" } }, false],
  ];
  for (const [Condition, holds] of conditions)
    it(`in a Condition: ${JSON.stringify(Condition)} ${holds ? "holds" : "does not hold"}`, () => {
      expect(applies(context, { Condition, Version })).to.equal(holds);
    });

  for (const older of [undefined, "2008-10-17"])
    it(`are none in a policy of version ${older ?? "none"}: the text stands for itself`, () => {
      const Resource = `${photos}/\${aws:PrincipalAccount}`;
      expect(applies(context, { Resource, Version: older }, `${photos}/1`)).to.equal(false);
      expect(applies(context, { Resource, Version: older }, Resource)).to.equal(true);
      const literal = { "s3:prefix": "${*}" };
      expect(applies(literal, { Condition: { StringLike: literal }, Version: older })).to.equal(true);
    });
});
