import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes, schemaFile } from "../../embedded-aws/engine";
import { readSchema } from "./declarations";
import { ROOT } from "./project";

/** Makes tools/embedded-aws/engine/schema.json again: after a change of the table of resource types, or of @pulumi/aws. */
export async function run(): Promise<void> {
  // Components of other packages run in plugins of their own, which a run without an account does not have.
  const tokens = Object.keys(resourceTypes).filter((token) => token.startsWith("aws:"));
  const schema = readSchema(join(ROOT, "node_modules", "@pulumi", "aws"), tokens);
  writeFileSync(schemaFile, `${JSON.stringify(schema, undefined, 2)}\n`);
  console.log("Written: tools/embedded-aws/engine/schema.json");
}
