import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import sharp from "sharp";

import type { Keys } from "../../support/environmentKeys";
import { plainPicture } from "../../verify/pictures";
import { snail } from "../cli/support";
import { BreakableRun } from "../verify/breakableRun";

describe("snail send, list, show, open and delete of a deployed stack", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  let files: string;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    service = await BreakableRun.start();
    files = join(service.data, "files");
    mkdirSync(files);
    for (const name of ["größe 1.jpg", "two.jpg"]) writeFileSync(join(files, name), await plainPicture("jpeg"));
  });
  after(() => service.close());

  const owner = (): Keys => service.run.cloud.iam.owner;
  const run = (...args: string[]) => service.snail(owner(), [...args, "--stack", "dev"]);

  it("find the API in the stack's outputs, and sign with the keys of the environment", async () => {
    const sent = await run("send", files, "--wait");
    expect(sent, sent.out).to.include({ code: 0, err: "" });
    expect(sent.out).to.match(/^größe 1\.jpg {2}READY .*\ntwo\.jpg {2}READY .*\n2 of 2 READY\n$/);
    expect((await run("list", "--prefix", "g")).out).to.match(/^20\S+Z {2}größe 1\.jpg {2}READY .*\n$/);
    expect((await run("show", "größe 1.jpg")).out).to.match(/^größe 1\.jpg {2}READY .*\n/);
    const opened = await run("open", "größe 1.jpg", "--print", "--type", "thumbnail");
    const rendition = await (await fetch(opened.out.trim())).arrayBuffer();
    expect(await sharp(Buffer.from(rendition)).metadata()).to.include({ width: 160 });
    expect((await run("delete", "größe 1.jpg")).out).to.match(/^größe 1\.jpg {2}DELET(ING|ED)\n$/);
  });

  it("say which right a role lacks, and do what it has a right to", async () => {
    const { apiId, partition, region, accountId } = service.target;
    const Resource = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/dev/GET/raw/*`;
    const Statement = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource }];
    const reader = service.roleWith({ Version: "2012-10-17", Statement }).keys;
    expect((await service.snail(reader, ["show", "two.jpg", "--stack", "dev"])).out).to.match(/^two\.jpg {2}READY /);
    const refused = await service.snail(reader, ["delete", "two.jpg", "--stack", "dev"]);
    expect(refused).to.include({ code: 1, out: "" });
    expect(refused.err).to.match(
      /^two\.jpg {2}not deleted: .*verifier.* is not authorized to perform: execute-api:Invoke on resource: .*DELETE/,
    );
    const list = await service.snail(reader, ["list", "--stack", "dev"]);
    expect(list).to.include({ code: 1, out: "" });
    expect(list.err).to.match(/^snail list: .* is not authorized to perform: execute-api:Invoke on resource: .*GET/);
  });

  it("say that a stack is not there, nor the Pulumi CLI", async () => {
    const uninstalled = await snail(["list", "--stack", "dev"], { PATH: files });
    expect(uninstalled.err).to.match(/^snail list: the Pulumi CLI, .*, was not found on PATH: https:.*install\/\n$/);
    const other = await service.snail(owner(), ["show", "two.jpg", "--stack", "other"]);
    expect(other).to.include({ code: 1, out: "" });
    expect(other.err).to.equal(
      "error: no stack named 'other' found\nsnail show: pulumi stack output --json --stack other failed\n",
    );
  });
});
