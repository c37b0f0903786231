import { expect } from "chai";

import { Account, everyPath, grantCases, reportOf } from "../../tools/commands";
import {
  type DeclaredPolicy,
  type GatheredResource,
  type Grant,
  grantsOf,
  type PolicyStatement,
} from "../../tools/embedded-aws";
import { picture, temporaryFolder } from "./support";

describe("the functions' grants", function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let account: Account;
  before(async () => (account = await Account.open(data)));
  after(() => account.close());

  const grant = (key: string): Grant => {
    const found = account.grants().filter((each) => account.keyOf(each) === key);
    expect(found, `grants of ${key}`).to.have.length(1);
    return found[0]!;
  };
  describe("each is needed: without it a call is denied by name, with it the call goes through", () => {
    for (const [key, { prepare, act, tidy, denied }] of Object.entries(grantCases)) {
      it(key, async () => {
        const needed = grant(key);
        const name = account.nextName();
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
        const other = account.nextName();
        await prepare?.(account, other);
        await act(account, other);
        await account.until(`${key} used`, () => account.isUsed(key, before));
      });
    }
  });

  describe("of resources are needed too:", () => {
    const deniedSince = (from: number): string[] =>
      reportOf([], account.decided.slice(from)).denied.map(({ caller, action }) => `${caller.arn} ${action}`);
    const named = (type: string): GatheredResource[] =>
      account.resources.filter((resource) => resource.type.endsWith(`:${type}`));
    /** Expects a denial while a resource is declared in another way. */
    async function expectDenial(
      denial: string,
      [type, name, change]: Parameters<Account["redeclare"]>,
      act: () => unknown,
    ): Promise<void> {
      const putBack = await account.redeclare(type, name, change);
      const from = account.decided.length;
      try {
        await act();
        await account.until(`${name}: ${denial} denied`, () => deniedSince(from).includes(denial));
      } finally {
        await putBack();
      }
    }
    const elsewhere = "sns.amazonaws.com";

    it("S3 sends to the queue of uploads", async () => {
      const [notified, ...others] = named("QueuePolicy").filter(({ inputs }) =>
        String(inputs.policy).includes('"Allow"'),
      );
      expect(others).to.be.empty;
      const change = (inputs: Record<string, unknown>) => ({
        ...inputs,
        policy: String(inputs.policy).replaceAll('"s3.amazonaws.com"', `"${elsewhere}"`),
      });
      await expectDenial("s3.amazonaws.com sqs:SendMessage", ["QueuePolicy", notified!.name, change], async () =>
        account.call("PUT", account.nextName(), await picture(1)),
      );
    });

    it("API Gateway and the schedule invoke functions", async () => {
      const calls: Record<string, () => unknown> = {
        "ImageApi-GET": () => account.call("GET", account.nextName()),
        "ImageApi-GET-raw": () => account.ask("GET", "/raw"),
        "ImageApi-GET-images": () => account.ask("GET", `/images/thumbnail/${account.nextName()}`),
        "ImageApi-HEAD": () => account.call("HEAD", account.nextName()),
        "ImageApi-DELETE": () => account.call("DELETE", account.nextName()),
        "ImageApi-POST": async () => account.sendForm(account.nextName(), await picture(1)),
        "SweepProcess-permission": () => account.sweep(),
      };
      expect(named("Permission").map(({ name }) => name)).to.have.members(Object.keys(calls));
      for (const { name, inputs } of named("Permission"))
        await expectDenial(
          `${String(inputs.principal)} lambda:InvokeFunction`,
          ["Permission", name, (given) => ({ ...given, principal: elsewhere })],
          calls[name]!,
        );
    });

    it("Lambda and API Gateway assume roles", async () => {
      for (const { name, inputs } of named("Role")) {
        const [, service] = /"Service":"([^"]+)"/.exec(String(inputs.assumeRolePolicy)) ?? [];
        const change = (given: Record<string, unknown>) => ({
          ...given,
          assumeRolePolicy: String(given.assumeRolePolicy).replace(String(service), elsewhere),
        });
        await expectDenial(`${String(service)} sts:AssumeRole`, ["Role", name, change], async () => {
          if (service === "apigateway.amazonaws.com") await account.call("PUT", account.nextName(), Buffer.from("x"));
          else await account.redeclare("Function", name.replace(/-role$/, ""), (same) => same).catch(() => undefined);
        });
      }
    });
  });

  describe("together", () => {
    it("are all that any path of the protocol asks for", async () => {
      const from = account.decided.length;
      await everyPath(account);
      expect(reportOf([], account.decided.slice(from)).denied).to.be.empty;
    });

    it("are those of the table", () => {
      expect(account.grants().map((each) => account.keyOf(each))).to.have.members(Object.keys(grantCases));
    });

    it("are all used, those of buckets, queues, functions and trust policies too", () => {
      expect(reportOf(account.policies(), account.decided).unused).to.be.empty;
    });
  });

  describe("added for nothing are reported", () => {
    const roleOf = (key: string): string => grant(key).holder;
    const put = "RawImagePutProcess SnailImagesBucketPutPolicy s3:PutObject";
    const added: [what: string, policy: () => DeclaredPolicy][] = [
      [
        "an action that the function never calls",
        () => extra("identity", roleOf(put), { Action: "s3:PutObjectTagging", Resource: grant(put).resourcePattern }),
      ],
      [
        "a resource that the function never calls",
        () => extra("identity", roleOf(put), { Action: "s3:PutObject", Resource: "arn:aws:s3:::other/*" }),
      ],
      [
        "what is granted already",
        () => extra("identity", roleOf(put), { Action: "s3:PutObject", Resource: grant(put).resourcePattern }),
      ],
      [
        "a service that may send to a queue",
        () => {
          const { holder } = policyNamed("queue policy");
          const Principal = { Service: "sns.amazonaws.com" };
          return extra("resource", holder, { Principal, Action: "sqs:SendMessage", Resource: holder });
        },
      ],
      [
        "a role that may read a bucket",
        () => {
          const { holder } = policyNamed("bucket policy");
          const Principal = { AWS: roleOf(put) };
          return extra("resource", holder, { Principal, Action: "s3:GetBucketTagging", Resource: holder });
        },
      ],
    ];
    for (const [what, policy] of added)
      it(what, () => {
        const more = policy();
        const { unused } = reportOf([...account.policies(), more], account.decided);
        expect(unused).to.deep.equal(grantsOf([more]));
      });

    const policyNamed = (name: string): DeclaredPolicy => {
      const found = account.policies().find((policy) => policy.name === name);
      if (!found) throw new Error(`there is no ${name}`);
      return found;
    };
    const extra = (
      source: DeclaredPolicy["source"],
      holder: string,
      statement: Omit<PolicyStatement, "Effect">,
    ): DeclaredPolicy => ({
      source,
      holder,
      name: "Extra",
      document: { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] },
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
