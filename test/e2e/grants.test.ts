import { expect } from "chai";

import { Account, everyPath, grantCases, reportOf } from "../../tools/commands";
import { type DeclaredPolicy, type GatheredResource, grantsOf, type PolicyStatement } from "../../tools/embedded-aws";
import { grantProofs } from "./grantProofs";
import { picture, temporaryFolder } from "./support";

describe("the functions' grants", function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let account: Account;
  before(async () => (account = await Account.open(data)));
  after(() => account.close());

  const { grant, expectNeeded, expectDenial } = grantProofs(() => account);

  describe("each is needed: without it a call is denied by name, with it the call goes through", () => {
    for (const [key, needed] of Object.entries(grantCases.presigned)) it(key, () => expectNeeded(key, needed));
  });

  describe("of resources are needed too:", () => {
    const named = (type: string): GatheredResource[] =>
      account.resources.filter((resource) => resource.type.endsWith(`:${type}`));
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
      expect(account.grants().map((each) => account.keyOf(each))).to.have.members(Object.keys(grantCases.presigned));
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
