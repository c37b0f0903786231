import { join } from "node:path";

import { expect } from "chai";

import { gather } from "../../tools/embedded-aws";
import { place, Stack } from "../support/pulumi";

describe("the program of an account", () => {
  it("declares the role with which API Gateway logs, and its policy", async () => {
    const { resources } = await gather({
      program: join(process.cwd(), "account/index.ts"),
      project: "snail-images-account",
      stack: "account",
      config: { "aws:region": "eu-west-1" },
      place,
    });
    const stack = new Stack(resources);
    expect(stack.all("ApiGatewayLogs").map(({ name }) => name)).to.deep.equal(["api-gateway-logs"]);
    expect(stack.policies("api-gateway-logs-role")).to.have.all.keys("ApiGatewayLogsPolicy");
  });
});
