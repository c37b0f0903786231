import { expect } from "chai";

import { loopsFrom } from "../../flow/loops";
import { Graph } from "../../model/graph";
import { UNKNOWN } from "../../model/resource";
import { both, options, plus, set, type Change } from "../fixture";
import { allow } from "../parts";
import { attachment, IN, resizeMay, stack } from "../rules/noLoop/stack";

const loops = (...changes: Change[]) => {
  const graph = new Graph(both(...changes).to(stack));
  const { chains, unknown } = loopsFrom(graph, graph.all("aws:lambda/function:Function")[0]!);
  return { chains, unknown: unknown.map(({ message }) => message) };
};
const urn = (name: string): string => stack.find((each) => each.name === name)!.urn;
const loop = resizeMay(allow("s3:PutObject", IN));

describe("a loop with a value that is not known", () => {
  it("is found where a dependency tells the value", () => {
    const { chains, unknown } = loops(
      loop,
      set("photos-events", "queues.0.queueArn", UNKNOWN),
      options("photos-events", { propertyDependencies: { queues: [urn("uploads")] } }),
    );
    expect(chains).to.have.lengthOf(1);
    expect(unknown).to.deep.equal([]);
  });

  it("is not checked where none does", () => {
    const { chains, unknown } = loops(loop, set("photos-events", "queues.0.queueArn", UNKNOWN));
    expect(chains).to.deep.equal([]);
    expect(unknown).to.deep.equal(["queues.0.queueArn of photos-events: known after deployment"]);
  });

  it("is found beside what is not known", () => {
    const { chains, unknown } = loops(loop, set("paid", "eventPattern", UNKNOWN));
    expect(chains).to.have.lengthOf(1);
    expect(unknown).to.deep.equal([]);
  });

  it("is not checked where a policy of AWS is not known to the pack", () => {
    const { unknown } = loops(plus(attachment("arn:aws:iam::aws:policy/AmazonBedrockFullAccess")));
    expect(unknown).to.deep.equal([
      "policyArn of attachment: the statements of arn:aws:iam::aws:policy/AmazonBedrockFullAccess are not in this stack",
    ]);
  });

  it("is not checked where the role is from elsewhere", () => {
    const { unknown } = loops(set("resize", "role", "arn:aws:iam::123456789012:role/elsewhere"));
    expect(unknown).to.deep.equal(["role of resize: the rights of a role from elsewhere are not in this stack"]);
  });
});
