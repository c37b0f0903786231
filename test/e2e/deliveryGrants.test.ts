import { expect } from "chai";

import type { ImageStatus } from "../../handlers/protocol/rawImageGetProcess";
import { Account, exercise, grantCases, reportOf } from "../../tools/commands";
import type { PolicyDocument, PolicyStatement } from "../../tools/embedded-aws";
import { grantProofs } from "./grantProofs";
import { picture, temporaryFolder } from "./support";

describe("the grants with delivery through CloudFront", function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let account: Account;
  before(async () => (account = await Account.open(data, { config: { delivery: "cloudfront" } })));
  after(() => account.close());
  const { expectNeeded, expectDenial } = grantProofs(() => account);

  it("are those of the table, all used, and all that any call asks for", async () => {
    await exercise(account, () => undefined);
    expect(reportOf(account.policies(), account.decided)).to.deep.equal({ denied: [], unused: [] });
    expect(account.grants().map((each) => account.keyOf(each))).to.have.members(Object.keys(grantCases.cloudfront));
  });

  describe("that are there only then are each needed: without it a call is denied by name, with it the call goes through", () => {
    for (const [key, needed] of Object.entries(grantCases.cloudfront))
      if (!(key in grantCases.presigned)) it(key, () => expectNeeded(key, needed));
  });

  describe("of the images' bucket", () => {
    const bucketPolicy = "snail-images-dev-policy";
    /** An image that is ready, and of which edge caches have nothing yet. */
    const fresh = async (): Promise<{ rendition: string; original: string }> => {
      const name = account.nextName();
      await account.call("PUT", name, await picture(1));
      await account.heard(new RegExp(`"${name}: ready`));
      const image = (await (await account.call("GET", name)).json()) as ImageStatus;
      return {
        rendition: image.renditions[0]!.url,
        original: `${account.deliveryUrl}/raw/${name}/${image.generation}.jpg`,
      };
    };
    const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
    const withStatements =
      (change: (statements: PolicyStatement[]) => PolicyStatement[]) =>
      (inputs: Record<string, unknown>): Record<string, unknown> => {
        const document = JSON.parse(String(inputs.policy)) as PolicyDocument;
        return { ...inputs, policy: JSON.stringify({ ...document, Statement: change([document.Statement].flat()) }) };
      };

    const others: [what: string, change: Partial<PolicyStatement>][] = [
      ["another service", { Principal: { Service: "sns.amazonaws.com" } }],
      [
        "another distribution",
        { Condition: { StringEquals: { "aws:SourceArn": "arn:aws:cloudfront::000000000000:distribution/EOTHER" } } },
      ],
    ];
    for (const [what, other] of others)
      it(`is needed: where it is ${what}'s, CloudFront reads no rendition`, async () => {
        const { rendition } = await fresh();
        const change = withStatements((statements) =>
          statements.map((each) => (each.Sid === "Delivery" ? { ...each, ...other } : each)),
        );
        await expectDenial("cloudfront.amazonaws.com s3:GetObject", ["BucketPolicy", bucketPolicy, change], async () =>
          expect(await statusOf(rendition)).to.equal(403),
        );
        expect(await statusOf((await fresh()).rendition)).to.equal(200);
      });

    it("needs its exception: without it CloudFront reads originals", async () => {
      const [shown, hidden] = [await fresh(), await fresh()];
      const change = withStatements((statements) => statements.filter(({ Sid }) => Sid !== "NoOriginals"));
      const putBack = await account.redeclare("BucketPolicy", bucketPolicy, change);
      try {
        expect(await statusOf(shown.original)).to.equal(200);
      } finally {
        await putBack();
      }
      const from = account.decided.length;
      expect(await statusOf(hidden.original)).to.equal(403);
      const [{ denied } = {}] = reportOf([], account.decided.slice(from)).denied;
      expect(denied).to.match(/s3:GetObject .* with an explicit deny in a resource-based policy/);
    });
  });
});
