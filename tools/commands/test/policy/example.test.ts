import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import config from "../../../../policy/example/policy-config.json";
import { judge } from "../../../../policy/judge";
import { graphOfRecorded } from "../../../../policy/recorded";
import { gather, readStackConfig } from "../../../embedded-aws";
import { EXAMPLE, exampleWith, mistakes } from "./exampleProgram";

const place = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  awsUrl: "https://aws.test",
  apiUrl: "https://api.test",
} as const;

async function mandatory(folder: string) {
  const { resources } = await gather({
    program: join(folder, "index.ts"),
    project: "reports",
    stack: "dev",
    place,
    config: readStackConfig(EXAMPLE, "dev"),
  });
  const { entries } = config.suppressions;
  const { findings, suppressed } = await judge(graphOfRecorded(resources), {
    configured: config,
    suppressions: entries,
  });
  return { suppressed, found: findings.filter(({ level }) => level === "mandatory") };
}

describe("the example program of the policy pack", () => {
  it("breaks no mandatory rule, and needs its suppression", async () => {
    const { found, suppressed } = await mandatory(EXAMPLE);
    expect(found.map(({ message }) => message)).to.deep.equal([]);
    expect(suppressed).to.equal(1);
  });

  for (const [title, from, to, rule, message] of mistakes)
    it(`fails where ${title}`, async () => {
      const folder = exampleWith(from, to);
      try {
        const { found } = await mandatory(folder);
        expect(found.map((each) => each.rule)).to.deep.equal([rule]);
        expect(found[0]?.message).to.include(message);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
});
