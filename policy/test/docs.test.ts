import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { withTables } from "../docs";

describe("docs/policy.md", () => {
  it("has the tables that `npx snail policy docs` makes", () => {
    const text = readFileSync(join(__dirname, "../../docs/policy.md"), "utf8");
    expect(text).to.equal(withTables(text));
    expect(text).to.match(/`s3-public-access-block` \| mandatory/);
  });

  it("needs a place for each of them", () => {
    expect(() => withTables("# The policy pack\n")).to.throw("docs/policy.md has no place for the table of rules");
  });
});
