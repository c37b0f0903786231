import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { stateOf } from "../../engine/state";
import { pulumi, previewed, stackUnderCheck, succeeded, type StackUnderCheck } from "./support";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
/** A retention that neither stack has. */
const OTHER_RETENTION = 30;

/**
 * A stack's whole life on the real engine: preview, up, no change, a changed setting, what `more` adds, destroy.
 *
 * @param config settings that differ from the stack's
 */
export function describeLife(
  stack: string,
  config: Record<string, string>,
  more: (target: StackUnderCheck) => void,
): void {
  describe(`the stack ${stack} on the real engine`, function () {
    this.timeout(600_000);
    const target = stackUnderCheck(stack);
    const configured = Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    const settings = () =>
      ["Pulumi.yaml", `Pulumi.${stack}.yaml`].map((file) => readFileSync(join(target.program, file), "utf8"));
    const settingsBefore = settings();

    it("has no unknown value in its first preview", async () => {
      const output = await succeeded(pulumi(target, "preview", "--diff", ...configured));
      expect(output.split("\n").filter((line) => line.includes("[unknown]"))).to.deep.equal([]);
    });

    it("is made by up", async () => {
      await succeeded(pulumi(target, "up", "--yes", "--skip-preview", ...configured));
    });

    it("has a quiet preview after up", async () => {
      await succeeded(pulumi(target, "preview", "--expect-no-changes", "--diff", ...configured));
    });

    it("changes what a changed setting should, and nothing else", async () => {
      const { changes } = await previewed(
        target,
        ...configured,
        "--config",
        `snail-images:logRetentionDays=${OTHER_RETENTION}`,
      );
      const groups = changes.filter(({ type }) => type === LOG_GROUP);
      expect(groups).to.not.deep.equal([]);
      expect(
        changes
          .filter(({ op }) => op !== "same")
          .map(({ op, name, differing, new: after }) => [op, name, differing, after?.inputs.retentionInDays]),
      ).to.deep.equal(groups.map(({ name }) => ["update", name, ["retentionInDays"], OTHER_RETENTION]));
    });

    it("leaves the real settings as they were", () => {
      expect(settings()).to.deep.equal(settingsBefore);
    });

    more(target);

    it("leaves nothing after destroy", async () => {
      await succeeded(pulumi(target, "destroy", "--yes", "--skip-preview"));
      expect(stateOf(target)).to.deep.equal([]);
    });
  });
}
