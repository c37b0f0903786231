import { expect } from "chai";

import { type Account, type GrantCase, reportOf } from "../../tools/commands";
import type { Grant } from "../../tools/embedded-aws";

/** Expectations that grants of an account are needed. `opened` is asked at each use: tests open an account before they run. */
export function grantProofs(opened: () => Account) {
  const grant = (key: string): Grant => {
    const account = opened();
    const found = account.grants().filter((each) => account.keyOf(each) === key);
    expect(found, `grants of ${key}`).to.have.length(1);
    return found[0]!;
  };
  const deniedSince = (from: number): string[] =>
    reportOf([], opened().decided.slice(from)).denied.map(({ caller, action }) => `${caller.arn} ${action}`);
  return {
    grant,
    /** Expects that without a grant a call is denied by name, and that with it the call goes through. */
    expectNeeded: async (key: string, { prepare, act, tidy, denied }: GrantCase): Promise<void> => {
      const account = opened();
      const needed = grant(key);
      const name = account.nextName();
      await prepare?.(account, name);
      const from = account.said.length;
      const decidedBefore = account.decided.length;
      const putBack = account.takeAway(needed);
      try {
        await act(account, name);
        await account.heard(denied ?? denialOf(needed), from);
        expect(deniedSince(decidedBefore)).to.include(`${needed.holder} ${needed.actionPattern}`);
      } finally {
        putBack();
        await tidy?.(account);
      }
      const before = account.decided.length;
      const other = account.nextName();
      await prepare?.(account, other);
      await act(account, other);
      await account.until(`${key} used`, () => account.isUsed(key, before));
    },
    /** Expects a denial while a resource is declared in another way. */
    expectDenial: async (
      denial: string,
      [type, name, change]: Parameters<Account["redeclare"]>,
      act: () => unknown,
    ): Promise<void> => {
      const account = opened();
      const putBack = await account.redeclare(type, name, change);
      const from = account.decided.length;
      try {
        await act();
        await account.until(`${name}: ${denial} denied`, () => deniedSince(from).includes(denial));
      } finally {
        await putBack();
      }
    },
  };
}

/** AWS's words for a call of this role that only this grant allows. */
function denialOf({ holder, actionPattern, resourcePattern }: Grant): RegExp {
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const role = holder.split("/").at(-1) ?? "";
  const on =
    resourcePattern === "*"
      ? ""
      : ` on resource: (?:[\\\\"]|&quot;)*${resourcePattern.split("*").map(quoted).join(".*")}`;
  return new RegExp(
    `assumed-role/${quoted(role)}/\\S+ is not authorized to perform: ${quoted(actionPattern)}${on}[^]*no identity-based policy`,
  );
}
