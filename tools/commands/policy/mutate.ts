import { reported } from "../../../policy/reported";
import { mutate } from "../../../policy/mutation/mutation";
import { survivors, tableOf } from "../../../policy/mutation/table";
import { graphOfRecorded } from "../../../policy/recorded";
import { recordedStack } from "./recordedStack";

/** Prints the mutants of a stack, and which rule objects to each. @returns 1 when some survive */
export async function run({ stack }: { stack: string }): Promise<number> {
  const verdicts = await mutate(graphOfRecorded(await recordedStack(stack)), reported());
  process.stdout.write(tableOf(verdicts));
  return survivors(verdicts).length === 0 ? 0 : 1;
}
