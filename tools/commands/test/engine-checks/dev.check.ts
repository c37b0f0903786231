import { expect } from "chai";
import { describeLife } from "./life";
import { pulumi } from "./support";

describeLife("dev", (target) => {
  it("tells a bad setting without a stack trace", async () => {
    const { code, output } = await pulumi(target, "preview", "--config", "snail-images:apiAuth=perhaps");
    expect(code).to.not.equal(0);
    expect(output).to.match(/snail-images:apiAuth must be one of iam, cognito, none; got "perhaps"/);
    expect(output.split("\n").filter((line) => /^\s+at /.test(line))).to.deep.equal([]);
  });
});
