import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import config from "../../../../policy/example/policy-config.json";
import { readEventLog } from "../../engine/events";
import { EXAMPLE, exampleWith, mistakes } from "../policy/exampleProgram";
import { pulumi, scratchFolder, stackUnderCheck } from "./support";

describe("the example program of the policy pack on the real engine", function () {
  this.timeout(600_000);
  const scratch = scratchFolder();
  const { policies } = stackUnderCheck("dev");
  const preview = async (program: string, run: string, configuration: object = config) => {
    const folder = join(scratch, run);
    const configured = join(folder, "policy-config.json");
    mkdirSync(folder);
    writeFileSync(configured, JSON.stringify(configuration));
    const events = join(scratch, `${run}.json`);
    const target = { program, folder, stack: "dev", ...(policies === undefined ? {} : { policies }) };
    const flags = ["--policy-pack-config", configured, "--event-log", events];
    const { code, output } = await pulumi(target, "preview", ...flags);
    const all = readEventLog(events).findings;
    return { code, output, all, findings: all.filter(({ level }) => level === "mandatory") };
  };

  it("passes with its own configuration and suppressions", async () => {
    const { code, output, findings } = await preview(EXAMPLE, "good");
    expect(findings).to.deep.equal([]);
    expect(code, output).to.equal(0);
  });

  it("is refused with one mistake, by the rule that is about it", async () => {
    for (const [at, [, from, to, rule, message]] of mistakes.entries()) {
      const program = exampleWith(from, to);
      try {
        const { code, findings } = await preview(program, `bad-${String(at)}`);
        expect(code).to.not.equal(0);
        expect(findings.map(({ policy }) => policy)).to.deep.equal([rule]);
        expect(findings[0]?.message).to.include(message);
      } finally {
        rmSync(program, { recursive: true });
      }
    }
  });

  it("is refused for a suppression that expired, and for one that is not needed", async () => {
    const [entry] = config.suppressions.entries;
    const entries = [
      { ...entry, expires: "2020-01-01" },
      { ...entry, rule: "s3-versioning" },
    ];
    const { code, findings } = await preview(EXAMPLE, "stale", { ...config, suppressions: { entries } });
    expect(code).to.not.equal(0);
    const told = findings.map(({ policy, message }) => [policy, /: ([^:]+)$/.exec(message)?.[1]]);
    expect(told).to.have.deep.members([
      ["suppressions", "expired on 2020-01-01; mend what it covers, or decide again"],
      ["suppressions-used", "takes no finding away; remove it"],
    ]);
  });

  it("is not refused where all rules are advisory, as for the base of a pull request", async () => {
    const [[, from, to, rule] = ["", "", "", ""]] = mistakes;
    const program = exampleWith(from, to);
    try {
      const { code, output, all, findings } = await preview(program, "base", { all: "advisory" });
      expect(code, output).to.equal(0);
      expect(findings).to.deep.equal([]);
      expect(all.map(({ policy }) => policy)).to.include(rule);
    } finally {
      rmSync(program, { recursive: true });
    }
  });
});
