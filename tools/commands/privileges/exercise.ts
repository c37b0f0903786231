import type { Account } from "./account";
import { everyPath } from "./everyPath";
import { casesOf } from "./grantCases";

/**
 * Leads images along every path, and then makes functions need each grant that no call has used yet.
 * @param tell is told of each case, by holder, policy and action
 * @example
 * const account = await Account.open(data, { config: { delivery: "cloudfront" } });
 * await exercise(account, (key) => console.log(key));
 */
export async function exercise(account: Account, tell: (key: string) => void): Promise<void> {
  // Two names show which part of a key is one.
  await everyPath(account);
  await everyPath(account);
  const keys = account.grants().map((grant) => account.keyOf(grant));
  for (const [key, { prepare, act, tidy }] of Object.entries(casesOf({ deliveryUrl: account.deliveryUrl, keys }))) {
    if (account.isUsed(key)) continue;
    tell(key);
    const name = account.nextName();
    await prepare?.(account, name);
    await act(account, name);
    await account.until(`${key} used`, () => account.isUsed(key));
    await tidy?.(account);
  }
}
