import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readEventLog } from "../../engine/events";
import { EXAMPLE, exampleWith, mistakes } from "../policy/exampleProgram";
import { pulumi, scratchFolder, stackUnderCheck } from "./support";

describe("the example program of the policy pack on the real engine", function () {
  this.timeout(600_000);
  const scratch = scratchFolder();
  const { policies } = stackUnderCheck("dev");
  const preview = async (program: string, run: string) => {
    const folder = join(scratch, run);
    const events = join(scratch, `${run}.json`);
    const target = { program, folder, stack: "dev", ...(policies === undefined ? {} : { policies }) };
    const flags = ["--policy-pack-config", join(EXAMPLE, "policy-config.json"), "--event-log", events];
    const { code, output } = await pulumi(target, "preview", ...flags);
    const findings = readEventLog(events).findings.filter(({ level }) => level === "mandatory");
    return { code, output, findings };
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
});
