import { expect } from "chai";
import { openDatabase } from "../../database";
import { createIam, type LocalIam } from "../../iam/iam";
import { iamResourceTypes } from "../../iam/resources";
import type { Inputs } from "../../resourceType";
import { testPlace } from "../support/aws";
import { stateOf } from "../support/stateOf";

const place = testPlace();
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});
const reading = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }],
});

describe("IAM's resource types", () => {
  let iam: LocalIam;
  beforeEach(() => {
    iam = createIam({ db: openDatabase(":memory:"), place });
  });

  async function declare(type: string, name: string, inputs: Inputs): Promise<Inputs> {
    const behaviour = iamResourceTypes[type]!;
    const state = stateOf(iamResourceTypes, type, { name, inputs, place });
    await behaviour.apply?.({ iam }, { type, name, inputs, id: state.id, state });
    return state;
  }

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  it("give a role what AWS computes", async () => {
    const state = await declare("aws:iam/role:Role", "worker", { name: "worker-1234567", assumeRolePolicy: trust });
    expect(state).to.include({
      id: "worker-1234567",
      name: "worker-1234567",
      arn: "arn:aws:iam::123456789012:role/worker-1234567",
      path: "/",
      maxSessionDuration: 3600,
      assumeRolePolicy: trust,
    });
    expect(state.uniqueId).to.match(/^AROA[A-Z0-9]{17}$/);
    const inPath = await declare("aws:iam/role:Role", "r", { name: "r", path: "/snail/", assumeRolePolicy: trust });
    expect(inPath.arn).to.equal("arn:aws:iam::123456789012:role/snail/r");
  });

  it("enforce a role's trust, its inline policies and its role policies", async () => {
    const role = await declare("aws:iam/role:Role", "worker", {
      name: "worker",
      assumeRolePolicy: JSON.parse(trust) as Inputs,
      inlinePolicies: [{ name: "Reading", policy: reading }],
    });
    const policy = { Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:q" }] };
    const sending = { name: "Sending", role: "worker", policy: JSON.stringify(policy) };
    expect((await declare("aws:iam/rolePolicy:RolePolicy", "p", sending)).id).to.equal("worker:Sending");

    const { accountId } = place;
    const principal = iam.assume(role.arn as string, { kind: "service", arn: "lambda.amazonaws.com", accountId });
    iam.authorize({ principal, action: "s3:GetObject", resource: "arn:aws:s3:::photos/a" });
    iam.authorize({ principal, action: "sqs:SendMessage", resource: "arn:q" });
    expect(() => iam.authorize({ principal, action: "sqs:SendMessage", resource: "arn:r" })).to.throw("worker");
  });

  it("take no property that would not be enforced", () => {
    expect(iamResourceTypes["aws:iam/role:Role"]!.properties).not.to.include.members(["managedPolicyArns"]);
    expect(iamResourceTypes["aws:iam/role:Role"]!.properties).not.to.include.members(["permissionsBoundary"]);
  });

  it("refuse a policy that the evaluator does not know", async () => {
    await declare("aws:iam/role:Role", "worker", { name: "worker", assumeRolePolicy: trust });
    const Condition = { DateLessThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } };
    const policy = { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition }] };
    const declared = declare("aws:iam/rolePolicy:RolePolicy", "p", { name: "P", role: "worker", policy });
    expect(await declared.catch((error: unknown) => (error as Error).message)).to.contain(
      "the condition operator DateLessThan",
    );
  });

  it("keep the provider's settings", async () => {
    const inputs = { region: "eu-central-1", defaultTags: { tags: { stack: "dev" } } };
    expect(await declare("pulumi:providers:aws", "aws", inputs)).to.deep.include(inputs);
  });
});
