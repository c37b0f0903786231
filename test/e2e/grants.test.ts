import { expect } from "chai";

import { Account, grantCases, reportOf } from "../../tools/commands";
import type { Grant } from "../../tools/embedded-aws";
import { picture, temporaryFolder } from "./support";

describe("the functions' grants", function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let account: Account;
  before(async () => (account = await Account.open(data)));
  after(() => account.close());

  const keyOf = (grant: Grant): string => `${account.holderOf(grant)} ${grant.policy} ${grant.actionPattern}`;
  const grant = (key: string): Grant => {
    const found = account.grants().filter((each) => keyOf(each) === key);
    expect(found, `grants of ${key}`).to.have.length(1);
    return found[0]!;
  };
  let names = 0;
  const nextName = (): string => `image-${++names}.jpg`;

  describe("each is needed: without it a call is denied by name, with it the call goes through", () => {
    for (const [key, { prepare, act, tidy, denied }] of Object.entries(grantCases)) {
      it(key, async () => {
        const needed = grant(key);
        const name = nextName();
        await prepare?.(account, name);
        const from = account.said.length;
        const decidedBefore = account.decided.length;
        const putBack = account.takeAway(needed);
        try {
          await act(account, name);
          await account.heard(denied ?? denialOf(needed), from);
          const reported = reportOf([], account.decided.slice(decidedBefore)).denied;
          expect(reported.map(({ caller, action }) => `${caller.arn} ${action}`)).to.include(
            `${needed.holder} ${needed.actionPattern}`,
          );
        } finally {
          putBack();
          await tidy?.(account);
        }
        const before = account.decided.length;
        const other = nextName();
        await prepare?.(account, other);
        await act(account, other);
        const isUsed = (): boolean =>
          account.decided.slice(before).some(({ allowedBy = [] }) => allowedBy.some((by) => keyOf(by) === key));
        await account.until(`${key} used`, isUsed);
      });
    }
  });

  describe("together", () => {
    it("are all that any path of the protocol asks for", async () => {
      const from = account.said.length;
      const name = nextName();
      const finished = (outcome: string, original = name) =>
        account.heard(new RegExp(`"message":"${original}: ${outcome}`), mark);
      let mark = from;

      const first = await account.call("PUT", name, await picture(1));
      await finished("ready");
      const versionId = first.headers.get("x-amz-version-id") ?? "";
      await account.sendEvent(name, { versionId, sequencer: "1" });
      await finished("repeated"); // an event that comes twice

      mark = account.said.length;
      await account.call("PUT", name, await picture(2));
      await finished("ready");
      await finished("cleared"); // the generation before
      await account.call("PUT", name, Buffer.from("not an image"));
      await finished("rejected");

      const outrun = nextName();
      await account.record(outrun, { status: "READY", sequencer: "F".repeat(32) });
      await account.call("PUT", outrun, await picture(3));
      await finished("overtaken", outrun);
      const cancelled = nextName();
      await account.record(cancelled, { status: "DELETED" });
      await account.storeLeftover(cancelled, account.goneVersion);
      await account.sendEvent(cancelled, { versionId: account.goneVersion, sequencer: "1" });
      await finished("cancelled", cancelled);

      mark = account.said.length;
      expect((await account.call("DELETE", name)).status).to.equal(202);
      await finished("deleted");
      expect((await account.call("GET", name)).status).to.equal(410);
      expect(account.said.slice(from).filter((line) => line.includes("not authorized"))).to.be.empty;
    });

    it("are those of the table", () => {
      expect(account.grants().map(keyOf)).to.have.members(Object.keys(grantCases));
    });
  });
});

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
