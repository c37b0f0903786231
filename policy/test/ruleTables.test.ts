import { expect } from "chai";
import { ruleTables } from "../ruleTables";
import { rules } from "../rules";

describe("the tables of rules", () => {
  it("have a row for each rule, and one for each setting", () => {
    const lines = ruleTables().split("\n");
    expect(lines).to.include(
      "| `s3-ownership` | mandatory | Every bucket owns all its objects, and has no ACL | S3.12 CKV2_AWS_65 |",
    );
    expect(lines).to.include("| `logs-retention` | `leastDays` | Least retentionInDays | `1` |");
    for (const { name } of rules) expect(lines.join("\n")).to.include(`| \`${name}\` | `);
  });
});
