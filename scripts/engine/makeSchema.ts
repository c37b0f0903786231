import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { resourceTypes } from "../../local/resources";
import { readSchema } from "./declarations";
import { ROOT } from "./project";

/** Makes local/engine/schema.json again: after a change of the table of resource types, or of @pulumi/aws. */
const schema = readSchema(join(ROOT, "node_modules", "@pulumi", "aws"), Object.keys(resourceTypes));
writeFileSync(join(ROOT, "local", "engine", "schema.json"), `${JSON.stringify(schema, undefined, 2)}\n`);
