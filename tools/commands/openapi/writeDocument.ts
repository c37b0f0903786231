import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { clientDocument } from "./clientDocument";

const file = join(__dirname, "../../../docs/openapi.json");

/** Writes docs/openapi.json: after a change of the API. */
export async function run(): Promise<void> {
  writeFileSync(file, `${JSON.stringify(clientDocument(), undefined, 2)}\n`);
  console.log("Written: docs/openapi.json");
}
