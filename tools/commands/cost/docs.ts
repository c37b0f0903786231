import { withParts } from "../../../policy/places";
import { aMillion, costOf } from "./cost";
import { billText } from "./print";

/**
 * The text of docs/cost.md with the bills of both stacks as `snail cost` prints them now, each between the comments
 * `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when a place for a bill is missing
 */
export async function withBills(text: string): Promise<string> {
  const bills: Record<string, string> = {};
  for (const stack of ["dev", "prod"]) bills[stack] = billText(await costOf({ stack, ...aMillion }));
  return withParts(text, "docs/cost.md", "bill", bills);
}
