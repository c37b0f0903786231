import { expect } from "chai";
import { resourceTypes } from "../../../embedded-aws/engine";
import { withDefaults } from "../../engine/pulumiCommand";
import { describeLife } from "./life";
import { stateOf } from "../../engine/state";
import { pulumi, type StackUnderCheck, succeeded } from "./support";

describeLife("prod", {}, (target) => {
  it("protects everything that holds data", () => {
    const data = stateOf(target).filter(({ type }) => resourceTypes[type]?.holdsData);
    expect(data).to.not.deep.equal([]);
    expect(data.filter(({ protect }) => protect !== true)).to.deep.equal([]);
  });

  it("loses nothing to a destroy while something is protected, with or without a preview", async () => {
    const before = stateOf(target);
    const kept = before.filter(({ protect }) => protect === true);
    for (const flags of [[], ["--skip-preview"], ["-f"]]) {
      const refused = await destroyed(target, ...withDefaults("destroy", flags));
      expect(refused).to.include(`nothing was deleted: ${kept.length} resources of stack prod are protected`);
      expect(refused).to.include("set snail-images:keepData to false in Pulumi.prod.yaml");
      expect(stateOf(target)).to.deep.equal(before);
    }
  });

  it("lets its data go once it does not keep it, and deletes nothing of it by that", async () => {
    const urns = () =>
      stateOf(target)
        .filter(({ type }) => resourceTypes[type]?.holdsData)
        .map(({ urn }) => urn)
        .sort();
    const before = urns();
    await succeeded(pulumi(target, "up", "--config", "snail-images:keepData=false", "--yes", "--skip-preview"));
    expect(urns()).to.deep.equal(before);
    expect(stateOf(target).filter(({ protect }) => protect === true)).to.deep.equal([]);
  });
});

/** Why a destroy was refused. */
function destroyed(...args: [target: StackUnderCheck, ...flags: string[]]): Promise<string> {
  const [target, ...flags] = args;
  return pulumi(target, "destroy", ...flags).then(
    ({ output }) => `not refused:\n${output}`,
    (error: unknown) => (error as Error).message,
  );
}
