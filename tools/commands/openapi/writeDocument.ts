import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { clientDocument } from "./clientDocument";

const docs = join(__dirname, "../../../docs");

/** Writes docs/openapi.json: after a change of the API. With `release` it is what later ones are compared with, too. */
export async function run({ release }: { release: boolean }): Promise<void> {
  for (const name of release ? ["openapi.json", "openapi.released.json"] : ["openapi.json"]) {
    writeFileSync(join(docs, name), `${JSON.stringify(clientDocument(), undefined, 2)}\n`);
    console.log(`Written: docs/${name}`);
  }
}
