import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import type { AccessDecision } from "../../../embedded-aws";
import { reportOf } from "../../privileges/report";
import { plainPicture } from "../../verify/pictures";
import { snail } from "../cli/support";
import { BreakableRun } from "../verify/breakableRun";

describe("snail backfill of a deployed stack", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    service = await BreakableRun.start();
  });
  after(() => service.close());

  it("does with the rights that its help prints, and with no others, all that it does", async () => {
    const file = join(service.data, "one.jpg");
    writeFileSync(file, await plainPicture("jpeg"));
    const sent = await service.snail(service.run.cloud.iam.owner, ["send", file, "--wait", "--stack", "dev"]);
    expect(sent, sent.out).to.include({ code: 0, err: "" });
    service.run.outputs.imageTypes = service.target.imageTypes.map((type) => ({ ...type, quality: 70 }));

    const printed = (await snail(["backfill", "--help"])).out;
    const operator = service.roleWith({ Version: "2012-10-17", Statement: statements(printed) });
    const decisions: AccessDecision[] = [];
    const end = service.run.cloud.iam.onDecision((decision) => decisions.push(decision));
    const { code, out, err } = await service.snail(operator.keys, ["backfill", "--stack", "dev", "--yes"]);
    end();
    expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
    expect(out).to.match(/^1 of 1 image .*[^]*\n1 done\.\n$/);
    const policies = service.run.cloud.policies().filter(({ source }) => source === "identity");
    const own = policies.filter(({ holder }) => holder === operator.arn);
    expect(reportOf(own, decisions).unused).to.deep.equal([]);
  });

  /** The permissions of a help text, `<action> on <what>, <action> on <what>.`, as statements for this stack. */
  function statements(help: string): object[] {
    const text = /Permissions: ([^.]+)\./.exec(help)?.[1] ?? "";
    return text.split(/,\s+/).map((permission) => {
      const [action = "", what = ""] = permission.split(/\s+on\s+/);
      return { Effect: "Allow", Action: action, Resource: resources(what) };
    });
  }

  function resources(what: string): string[] {
    const { region, accountId, imageMetadataTable, queueUrls, deadLetterQueueUrls } = service.target;
    const table = `arn:aws:dynamodb:${region}:${accountId}:table/${imageMetadataTable}`;
    const queue = (url = "") => `arn:aws:sqs:${region}:${accountId}:${url.split("/").at(-1)}`;
    if (what === "the table's index") return [`${table}/index/byStatusShard`];
    if (what === "the table") return [table];
    if (what === "the queues") return [...Object.values(queueUrls), ...Object.values(deadLetterQueueUrls)].map(queue);
    return [queue(queueUrls[what])];
  }
});
