import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../engine/project";
import { withBills } from "./docs";

/** `snail cost docs`: after a measurement, or a change of what is declared. */
export async function run(): Promise<void> {
  const file = join(ROOT, "docs", "cost.md");
  writeFileSync(file, await withBills(readFileSync(file, "utf8")));
  console.log("Written: docs/cost.md");
}
