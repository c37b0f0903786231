import { join } from "node:path";

import { reported } from "../../../policy/reported";
import { mutate } from "../../../policy/mutation/mutation";
import { survivors, tableOf } from "../../../policy/mutation/table";
import { graphOfRecorded } from "../../../policy/recorded";
import { gather, readStackConfig } from "../../embedded-aws";
import { installedLayer } from "../support/installedLayer";

const root = join(__dirname, "../../..");
const place = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  awsUrl: "https://aws.test",
  apiUrl: "https://api.test",
} as const;

/** Prints the mutants of a stack, and which rule objects to each. @returns 1 when some survive */
export async function run({ stack }: { stack: string }): Promise<number> {
  process.env.SNAIL_IMAGES_LAYER ??= installedLayer();
  const { resources } = await gather({
    program: join(root, "index.ts"),
    project: "snail-images",
    stack,
    place,
    config: readStackConfig(root, stack),
  });
  const verdicts = await mutate(graphOfRecorded(resources), reported());
  process.stdout.write(tableOf(verdicts));
  return survivors(verdicts).length === 0 ? 0 : 1;
}
