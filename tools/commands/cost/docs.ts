import { aMillion, costOf } from "./cost";
import { billText } from "./print";

/**
 * The text of docs/cost.md with the bills of both stacks as `snail cost` prints them now, each between the comments
 * `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when a place for a bill is missing
 */
export async function withBills(text: string): Promise<string> {
  let result = text;
  for (const stack of ["dev", "prod"]) {
    const place = new RegExp(`(<!-- ${stack} -->\n)[^]*(<!-- end of ${stack} -->)`);
    if (!place.test(result)) throw new Error(`docs/cost.md has no place for the bill of ${stack}`);
    const bill = billText(await costOf({ stack, ...aMillion }));
    result = result.replace(place, (_, start: string, end: string) => `${start}\n${bill}\n\n${end}`);
  }
  return result;
}
