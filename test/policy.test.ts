import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { judge } from "../policy/judge";
import { graphOfRecorded } from "../policy/recorded";
import { SUPPRESSIONS, type Suppression } from "../policy/suppression";
import shipped from "../policy/suppressions.json";
import { declareStack } from "./support/stacks";

/** The program in each of its stacks, and with everything that a setting can add. */
const programs: [title: string, stack: "dev" | "prod", config?: Record<string, string>][] = [
  ["stack dev", "dev"],
  ["stack prod", "prod"],
  [
    "a stack with a network of its own, another processor, users of a pool, other origins and mailed alarms",
    "prod",
    {
      "snail-images:network": "isolated",
      "snail-images:layerArchitecture": "x86_64",
      "snail-images:apiAuth": "cognito",
      "snail-images:cognitoUserPoolArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc",
      "snail-images:allowedOrigins": '["https://example.com"]',
      "snail-images:alarmEmail": "ops@example.com",
    },
  ],
  [
    "a stack with renditions that CloudFront serves under a domain of its own",
    "prod",
    {
      "snail-images:delivery": "cloudfront",
      "snail-images:deliveryDomain": "images.example.com",
      "snail-images:deliveryCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c",
      "snail-images:allowedOrigins": '["https://example.com"]',
    },
  ],
];

describe("the policy pack", () => {
  for (const [title, name, config] of programs)
    it(`finds nothing in ${title} but what is suppressed for a reason`, async () => {
      const { stack } = await declareStack(name, config);
      const { findings } = await judge(graphOfRecorded(stack.resources));
      const others = findings.filter(({ rule }) => rule !== SUPPRESSIONS);
      expect(others.map(({ message }) => message)).to.deep.equal([]);
    });

  it("advises to trace where a setting turns traces off", async () => {
    const { stack } = await declareStack("dev", { "snail-images:tracing": "false" });
    const { findings } = await judge(graphOfRecorded(stack.resources));
    const rules = findings.map(({ rule }) => rule).filter((rule) => rule !== SUPPRESSIONS);
    expect(rules.sort()).to.deep.equal(["apigateway-tracing", ...Array<string>(9).fill("lambda-tracing")]);
  });

  it("objects to CloudFront's own certificate, which allows TLS 1.0", async () => {
    const { stack } = await declareStack("dev", { "snail-images:delivery": "cloudfront" });
    const { findings } = await judge(graphOfRecorded(stack.resources));
    const rules = findings.map(({ rule }) => rule).filter((rule) => rule !== SUPPRESSIONS);
    expect(rules).to.deep.equal(["cloudfront-tls"]);

    const [, shown = ""] =
      /```json\n([^]*?)```/.exec(readFileSync(join(__dirname, "../docs/delivery.md"), "utf8")) ?? [];
    const suppressions = [...shipped, JSON.parse(shown) as Suppression];
    expect((await judge(graphOfRecorded(stack.resources), { suppressions })).findings).to.deep.equal([]);
  });

  for (const name of ["dev", "prod"] as const)
    it(`needs each suppression for stack ${name}`, async () => {
      const { stack } = await declareStack(name);
      const { findings, suppressed } = await judge(graphOfRecorded(stack.resources));
      expect(findings.filter(({ rule }) => rule === SUPPRESSIONS).map(({ message }) => message)).to.deep.equal([]);
      expect(suppressed).to.be.greaterThan(0);
    });
});
