import { withParts } from "../../../policy/places";
import { aMillion, costOf } from "./cost";
import { billText, decisionsText } from "./print";

/**
 * The text of docs/cost.md with the bill of `prod` and the decisions that would lower it, as `snail cost` prints them now,
 * each between the comments `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when a place for a bill is missing
 */
export async function withBills(text: string): Promise<string> {
  const cost = await costOf({ stack: "prod", ...aMillion });
  const parts = { prod: billText(cost), decisions: decisionsText(cost) };
  return withParts(text, "docs/cost.md", "bill", parts);
}
