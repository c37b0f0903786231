import { expect } from "chai";

import { declareStack } from "../support/stacks";

describe("the permissions boundary", () => {
  const boundary = "arn:aws:iam::123456789012:policy/snail-images-dev-functions";

  it("is on every role of the program, and on nothing else, where it is configured", async () => {
    // The local run does not evaluate boundaries, and so refuses them by name.
    const failure: unknown = await declareStack("dev", { "snail-images:permissionsBoundary": boundary }).catch(
      (error: unknown) => error,
    );
    const lines = String(failure)
      .split("\n")
      .filter((line) => line.includes("permissionsBoundary"));
    const { stack } = await declareStack("dev");
    expect(lines).to.have.lengthOf(stack.all("aws:iam/role:Role").length);
    for (const line of lines) expect(line).to.match(/role/i);
  });

  it("is on no role where none is configured", async () => {
    const { stack } = await declareStack("dev");
    for (const role of stack.all("aws:iam/role:Role")) expect(role.given).to.not.have.property("permissionsBoundary");
  });
});
