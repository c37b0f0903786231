import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../engine/project";
import { withTables } from "./docs";

/** `snail capacity docs`: after a measurement, or a change of what is declared. */
export async function run(): Promise<void> {
  const file = join(ROOT, "docs", "scale.md");
  writeFileSync(file, await withTables(readFileSync(file, "utf8")));
  console.log("Written: docs/scale.md");
}
