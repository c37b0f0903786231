import { ruleTables } from "../../../policy/ruleTables";

/** Prints the rules of the policy pack and their settings. */
export async function run(): Promise<void> {
  process.stdout.write(ruleTables());
}
