import { expect } from "chai";

import { Account, grantCases } from "../../tools/commands";
import type { GrantUse } from "../../tools/embedded-aws";
import { picture, temporaryFolder } from "./support";

describe("the functions' grants", function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let account: Account;
  before(async () => (account = await Account.open(data)));
  after(() => account.close());

  const keyOf = (use: GrantUse): string => `${account.holderOf(use)} ${use.policy} ${use.action}`;
  const grant = (key: string): GrantUse => {
    const found = account.usage().filter((use) => keyOf(use) === key);
    expect(found, `grants of ${key}`).to.have.length(1);
    return found[0]!;
  };
  let names = 0;
  const nextName = (): string => `image-${++names}.jpg`;

  describe("each is needed: without it a call is denied by name, with it the call goes through", () => {
    for (const [key, { prepare, act, tidy, denied }] of Object.entries(grantCases)) {
      it(key, async () => {
        const use = grant(key);
        const name = nextName();
        await prepare?.(account, name);
        const from = account.said.length;
        const putBack = account.takeAway(use);
        try {
          await act(account, name);
          await account.heard(denied ?? denialOf(use), from);
        } finally {
          putBack();
          await tidy?.(account);
        }
        const before = grant(key).used;
        const other = nextName();
        await prepare?.(account, other);
        await act(account, other);
        await account.until(`${key} used`, () => grant(key).used > before);
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

    it("are those of the table, and each is used", () => {
      const all = account.usage();
      expect(all.map(keyOf)).to.have.members(Object.keys(grantCases));
      expect(all.filter(({ used }) => used === 0).map(keyOf)).to.be.empty;
    });
  });
});

/** AWS's words for a call of this role that only this grant allows. */
function denialOf({ roleArn, action, resource }: GrantUse): RegExp {
  const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const role = roleArn.split("/").at(-1) ?? "";
  const on = resource === "*" ? "" : ` on resource: (?:[\\\\"]|&quot;)*${resource.split("*").map(quoted).join(".*")}`;
  return new RegExp(
    `assumed-role/${quoted(role)}/\\S+ is not authorized to perform: ${quoted(action)}${on}[^]*no identity-based policy`,
  );
}
