import { expect } from "chai";

import { Graph } from "../model/graph";
import { mutate } from "../mutation/mutation";
import { worseDocuments } from "../mutation/statements";
import { survivors, tableOf } from "../mutation/table";
import { rules } from "../rules";
import { policy } from "./fixture";
import { allow, deny } from "./parts";
import { queueGraph } from "./rules/queueGraph";

describe("worse policies", () => {
  const changes = (...statements: unknown[]): string[] =>
    worseDocuments(policy(...statements)).map(({ change }) => change);

  it("lack a statement, or a condition of what they allow, or allow all actions, resources and principals", () => {
    const condition = { StringEquals: { "aws:SourceAccount": "1" }, Bool: { "aws:SecureTransport": "true" } };
    expect(
      changes(allow(["s3:GetObject", "sqs:SendMessage"], "arn", { Principal: { AWS: "1" }, Condition: condition })),
    ).to.deep.equal([
      "dropped",
      "action s3:*",
      "action sqs:*",
      "resource *",
      "principal *",
      "without StringEquals",
      "without Bool",
    ]);
  });

  it("deny one action or resource less", () => {
    expect(changes(deny(["s3:PutObject", "s3:DeleteObject"], ["a", "b"]))).to.deep.equal([
      "dropped",
      "without action s3:PutObject",
      "without action s3:DeleteObject",
      "without resource a",
      "without resource b",
    ]);
  });

  it("keep their other statements", () => {
    const [dropped] = worseDocuments(policy(allow("s3:GetObject", "a"), allow("s3:PutObject", "b")));
    expect(dropped?.document).to.have.deep.property("Statement", [allow("s3:PutObject", "b")]);
  });

  it("are not made of anything but a policy", () =>
    expect(["", undefined, "[]"].flatMap(worseDocuments)).to.deep.equal([]));
});

describe("mutants of a stack", () => {
  const stack = new Graph(queueGraph["sqs-visibility-timeout"]!.good);
  const only = (...names: string[]) => rules.filter(({ name }) => names.includes(name));

  it("are killed by the rules that are about them", async () => {
    const verdicts = await mutate(stack, { rules: only("sqs-visibility-timeout"), configuration: {} });
    const killed = verdicts.filter(({ killedBy }) => killedBy === "sqs-visibility-timeout");
    expect(killed.map(({ mutant }) => `${mutant.resource.name} ${mutant.place}`)).to.deep.equal([
      "uploads visibilityTimeoutSeconds",
      "resize timeout",
      "resize-mapping maximumBatchingWindowInSeconds",
    ]);
    expect(tableOf(verdicts)).to.match(/Queue visibilityTimeoutSeconds +1\/1 {2}sqs-visibility-timeout/);
  });

  it("survive without the rule that is about them", async () => {
    const verdicts = await mutate(stack, { rules: only("sqs-dead-letter-target", "sqs-alarms"), configuration: {} });
    expect(survivors(verdicts)).to.deep.equal([]);
    const without = await mutate(stack, { rules: only("sqs-alarms"), configuration: {} });
    expect(survivors(without)).to.include("Queue failed: missing");
  });
});
