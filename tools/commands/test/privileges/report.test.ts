import { expect } from "chai";
import { reportOf } from "../../privileges/report";
import { callOf, grantOf, photos, policyOf } from "./support";

describe("unused grants", () => {
  const wide = policyOf("Wide", [{ Action: "s3:GetObject", Resource: `${photos}/*` }]);
  const narrow = policyOf("Narrow", [{ Action: "s3:GetObject", Resource: `${photos}/raw/*` }]);
  const byWide = grantOf("Wide", 0, "s3:GetObject", `${photos}/*`);
  const byNarrow = grantOf("Narrow", 0, "s3:GetObject", `${photos}/raw/*`);
  const rawRead = callOf("s3:GetObject", `${photos}/raw/a`, [byWide, byNarrow]);

  it("are pairs of action and resource that no call needed", () => {
    const policy = policyOf("P", [
      { Action: ["s3:GetObject", "s3:PutObject"], Resource: [`${photos}/a`, `${photos}/b`] },
    ]);
    const used = grantOf("P", 0, "s3:GetObject", `${photos}/b`);
    expect(reportOf([policy], [callOf("s3:GetObject", `${photos}/b`, [used])]).unused).to.deep.equal([
      grantOf("P", 0, "s3:GetObject", `${photos}/a`),
      grantOf("P", 0, "s3:PutObject", `${photos}/a`),
      grantOf("P", 0, "s3:PutObject", `${photos}/b`),
    ]);
  });

  it("are those that a wider one covers, wherever they stand", () => {
    const otherRead = callOf("s3:GetObject", `${photos}/large/a`, [byWide]);
    for (const policies of [
      [wide, narrow],
      [narrow, wide],
    ])
      expect(reportOf(policies, [rawRead, otherRead]).unused).to.deep.equal([byNarrow]);
  });

  it("of two for the same calls are the later", () => {
    expect(reportOf([narrow, wide], [rawRead]).unused).to.deep.equal([byWide]);
    expect(reportOf([wide, narrow], [rawRead]).unused).to.deep.equal([byNarrow]);
  });

  it("may be of a resource's policy, and of who may assume a role", () => {
    const resource = { source: "resource", holder: "arn:aws:sqs:eu-west-1:000000000000:q" } as const;
    const trusted = { Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const policies = [
      policyOf("queue policy", [{ Principal: "*", Action: "sqs:SendMessage", Resource: resource.holder }], resource),
      policyOf("trust policy", [trusted], { source: "resource" }),
    ];
    expect(reportOf(policies, []).unused).to.deep.equal([
      grantOf("queue policy", 0, "sqs:SendMessage", resource.holder, resource),
      grantOf("trust policy", 0, "sts:AssumeRole", policies[1]!.holder, { source: "resource" }),
    ]);
  });

  it("are none of the statements that deny", () => {
    expect(reportOf([policyOf("P", [{ Effect: "Deny", Action: "s3:*", Resource: "*" }])], []).unused).to.be.empty;
  });
});

it("calls that were denied are told", () => {
  const denied = callOf("s3:PutObject", `${photos}/a`, []);
  const allowed = callOf("s3:GetObject", `${photos}/a`, [grantOf("P", 0, "s3:GetObject", "*")]);
  expect(reportOf([], [allowed, denied]).denied).to.deep.equal([denied]);
});
