import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "../../../policy/docs";

const file = join(__dirname, "..", "..", "..", "docs", "policy.md");

/** Writes the tables of docs/policy.md again: after a change of a rule or a suppression. */
export async function run(): Promise<void> {
  writeFileSync(file, withTables(readFileSync(file, "utf8")));
  console.log("Written: docs/policy.md");
}
