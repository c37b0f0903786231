import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { clientDocument } from "./clientDocument";
import { clientTypes } from "./clientTypes";

const root = join(__dirname, "../../..");

/**
 * Writes docs/openapi.json and the types of client/: after a change of the API. With `release` the document is what
 * later ones are compared with, too.
 */
export async function run({ release }: { release: boolean }): Promise<void> {
  const document = `${JSON.stringify(clientDocument(), undefined, 2)}\n`;
  const files = {
    "docs/openapi.json": document,
    ...(release && { "docs/openapi.released.json": document }),
    "client/schema.ts": await clientTypes(),
  };
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(root, file), text);
    console.log(`Written: ${file}`);
  }
}
