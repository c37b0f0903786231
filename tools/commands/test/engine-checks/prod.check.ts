import { expect } from "chai";
import { resourceTypes } from "../../../embedded-aws/engine";
import { withDefaults } from "../../engine/pulumiCommand";
import { describeLife } from "./life";
import { pulumi, stateOf, succeeded } from "./support";

describeLife("prod", (target) => {
  it("protects everything that holds data", () => {
    const data = stateOf(target).filter(({ type }) => resourceTypes[type]?.holdsData);
    expect(data).to.not.deep.equal([]);
    expect(data.filter(({ protect }) => protect !== true)).to.deep.equal([]);
  });

  it("loses nothing to a destroy while something is protected", async () => {
    const before = stateOf(target);
    const { code, output } = await pulumi(target, "destroy", ...withDefaults("destroy", []));
    expect(output).to.include("protected");
    expect(code).to.not.equal(0);
    expect(stateOf(target)).to.deep.equal(before);
  });

  it("lets its data go by hand, as on AWS", async () => {
    await succeeded(pulumi(target, "state", "unprotect", "--all", "--yes"));
    expect(stateOf(target).filter(({ protect }) => protect === true)).to.deep.equal([]);
  });
});
