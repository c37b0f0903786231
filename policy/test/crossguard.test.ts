import type { Policies, PolicyResource, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { policiesFor } from "../crossguard/policies";
import { rules } from "../rules";

/** @pulumi/policy's own guard of unknown values, which its types leave out, and the text that stands for one. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { unknownCheckingProxy: guarded, unknownStringValue: unknown } = require("@pulumi/policy/proxy") as {
  unknownCheckingProxy: (props: Record<string, unknown>) => Record<string, unknown>;
  unknownStringValue: string;
};

const BUCKET = "aws:s3/bucketV2:BucketV2";
const QUEUE = "aws:sqs/queue:Queue";
const urnOf = (type: string, name: string) => `urn:pulumi:test::p::${type}::${name}`;
const options = { protect: false } as PolicyResource["opts"];

/** Asks policies as the engine does: about each resource before it is made, and about all at the end. */
async function preview(
  policies: Policies,
  resources: { type: string; name: string; inputs: Record<string, unknown>; outputs?: Record<string, unknown> }[],
  config: Record<string, Record<string, unknown>> = {},
): Promise<string[]> {
  const reported: string[] = [];
  const reporter = (policy: string, own: string) => (message: string, urn?: string) =>
    void reported.push(`${policy} ${(urn ?? own).split("::").at(-1) ?? ""}: ${message}`);
  const of = policies.map((policy) => ({
    policy,
    args: { getConfig: () => config[policy.name] ?? {}, stackTags: new Map() },
  }));
  for (const { type, name, inputs } of resources) {
    const urn = urnOf(type, name);
    for (const { policy, args } of of) {
      const { validateResource } = policy as ResourceValidationPolicy;
      if (typeof validateResource !== "function") continue;
      const asked = {
        ...args,
        type,
        name,
        urn,
        props: guarded(inputs),
        opts: options,
      } as unknown as ResourceValidationArgs;
      await validateResource(asked, reporter(policy.name, urn));
    }
  }
  const stack = resources.map(
    ({ type, name, inputs, outputs = inputs }) =>
      ({
        type,
        name,
        urn: urnOf(type, name),
        props: guarded(outputs),
        opts: options,
        dependencies: [],
        propertyDependencies: {},
      }) as unknown as PolicyResource,
  );
  for (const { policy, args } of of) {
    if ("validateStack" in policy)
      await policy.validateStack({ ...args, resources: stack } as never, reporter(policy.name, ""));
  }
  return reported;
}

const some = (...names: string[]) => rules.filter(({ name }) => names.includes(name));

describe("the pack on the engine", () => {
  it("has one policy for each rule, two for suppressions, and one for what could not be checked", () => {
    const policies = policiesFor(rules);
    expect(policies.map(({ name }) => name)).to.deep.equal([
      "suppressions",
      ...rules.map(({ name }) => name),
      "suppressions-used",
      "not-checked",
    ]);
    expect(policies.find(({ name }) => name === "logs-retention")).to.deep.include({
      description: "Every log group has a retention (CKV_AWS_66, CFN-W86)",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: { leastDays: { type: "integer", default: 1, minimum: 1, description: "Least retentionInDays" } },
      },
    });
  });

  it("reads declared inputs, and old names of types", async () => {
    const policies = policiesFor(some("s3-ownership", "sqs-encryption"));
    const photos = {
      type: BUCKET,
      name: "photos",
      inputs: { bucket: "photos" },
      outputs: { bucket: "photos", acl: "x" },
    };
    const controls = {
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      name: "controls",
      inputs: { bucket: "photos", rule: { objectOwnership: "BucketOwnerEnforced" } },
    };
    expect(await preview(policies, [photos, controls])).to.deep.equal([]);
    const [finding] = await preview(policies, [photos]);
    expect(finding).to.match(/^s3-ownership photos: Bucket photos: rule\.objectOwnership is not set/);
  });

  it("reports unknown values once, with all rules that wanted them", async () => {
    const policies = policiesFor(some("sqs-no-public-principal", "sqs-no-action-wildcard"));
    const queue = { type: QUEUE, name: "work", inputs: { policy: unknown } };
    expect(await preview(policies, [queue])).to.deep.equal([
      "not-checked work: Queue work: not checked: known after deployment: policy (sqs-no-public-principal, sqs-no-action-wildcard)",
    ]);
  });

  it("reads everything again at the next analysis", async () => {
    const policies = policiesFor(some("sqs-encryption", "sqs-redrive"));
    const queue = (sqsManagedSseEnabled: boolean) => ({ type: QUEUE, name: "work", inputs: { sqsManagedSseEnabled } });
    expect(await preview(policies, [queue(false)])).to.have.length(2);
    expect(await preview(policies, [queue(true)])).to.have.length(1);
  });

  it("leaves out what is suppressed, and objects to suppressions that are not needed or not sound", async () => {
    const entries = [
      { rule: "sqs-encryption", urn: urnOf("*", "w*"), reason: "a rehearsal", expires: "2999-01-01" },
      { rule: "sqs-redrive", urn: urnOf("*", "other"), reason: "a rehearsal", expires: "2999-01-01" },
      { rule: "sqs-redrive", urn: urnOf("*", "work"), expires: "2999-01-01" },
    ];
    const policies = policiesFor(some("sqs-encryption", "sqs-redrive"));
    const found = await preview(policies, [{ type: QUEUE, name: "work", inputs: {} }], { suppressions: { entries } });
    expect(found).to.have.length(3);
    expect(found[0]).to.include("suppressions work: suppression of sqs-redrive on urn:pulumi:test::p::*::work: has no");
    expect(found[1]).to.match(/^sqs-redrive work: /);
    expect(found[2]).to.include(
      "suppressions-used work: suppression of sqs-redrive on urn:pulumi:test::p::*::other: takes",
    );
  });
});
