import { withParts } from "../../../policy/places";
import { aMillion, costOf } from "./cost";
import { billText, decisionsText } from "./print";

/**
 * The text of docs/cost.md with the bills of both stacks, and the decisions that would lower that of `prod`, as `snail cost`
 * prints them now, each between the comments `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when a place for a bill is missing
 */
export async function withBills(text: string): Promise<string> {
  const costs = {
    dev: await costOf({ stack: "dev", ...aMillion }),
    prod: await costOf({ stack: "prod", ...aMillion }),
  };
  const parts = { dev: billText(costs.dev), prod: billText(costs.prod), decisions: decisionsText(costs.prod) };
  return withParts(text, "docs/cost.md", "bill", parts);
}
