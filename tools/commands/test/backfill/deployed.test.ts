import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { plainPicture } from "../../verify/pictures";
import { snail } from "../cli/support";
import { runWithPrintedRights } from "../support/printedRights";
import { BreakableRun } from "../verify/breakableRun";

const IMAGES = 8;

describe("snail backfill of a deployed stack", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    service = await BreakableRun.start();
    const files = join(service.data, "files");
    mkdirSync(files);
    for (let i = 0; i < IMAGES; i++) writeFileSync(join(files, `${i}.jpg`), await plainPicture("jpeg", `#00000${i}`));
    const sent = await service.snail(service.run.cloud.iam.owner, ["send", files, "--wait", "--stack", "dev"]);
    expect(sent, sent.out).to.include({ code: 0, err: "" });
  });
  after(() => service.close());

  const backfill = (interruptAt?: RegExp, signal?: "SIGINT" | "SIGKILL") =>
    service.snail(
      service.run.cloud.iam.owner,
      ["backfill", "--stack", "dev", "--yes", "--rate", "4"],
      interruptAt,
      signal,
    );
  const configure = (quality: number) =>
    (service.run.outputs.imageTypes = service.target.imageTypes.map((type) => ({ ...type, quality })));
  const atFirst = new RegExp(` 1 of ${IMAGES} images`);
  const dueIn = (out: string) => Number(/^(\d+) of 8 images that are served differ/.exec(out)?.[1] ?? 0);

  it("does with the rights that its help prints, and with no others, all that it does", async () => {
    configure(75);
    const { region, accountId, imageMetadataTable, queueUrls, deadLetterQueueUrls } = service.target;
    const table = `arn:aws:dynamodb:${region}:${accountId}:table/${imageMetadataTable}`;
    const queue = (url = "") => `arn:aws:sqs:${region}:${accountId}:${url.split("/").at(-1)}`;
    const out = await runWithPrintedRights(service, ["backfill", "--yes"], {
      "dynamodb:Query on the table's index": [`${table}/index/byStatusShard`],
      "dynamodb:GetItem on the table": [table],
      "sqs:SendMessage on PutResolutionBasedImageQueue": [queue(queueUrls.PutResolutionBasedImageQueue)],
      "sqs:GetQueueAttributes on the queues": [...Object.values(queueUrls), ...Object.values(deadLetterQueueUrls)].map(
        queue,
      ),
    });
    expect(out).to.match(/^8 of 8 images [^]*\n8 done\.\n$/);
  });

  it("that is stopped by Ctrl-C says that the same command goes on, which does the rest and no more", async () => {
    configure(70);
    const stopped = await backfill(atFirst);
    expect(stopped).to.include({ code: 1, err: "" });
    const [, done, left] =
      /(\d+) done\. Stopped: (\d+) are left\. The same command goes on\.\n$/.exec(stopped.out) ?? [];
    expect(Number(done) + Number(left), stopped.out).to.equal(IMAGES);
    expect(Number(left)).to.be.greaterThan(0);
    const rest = await backfill();
    expect(rest).to.include({ code: 0, err: "" });
    expect(dueIn(rest.out), rest.out).to.equal(Number(left));
    expect(rest.out.endsWith(`\n${left} done.\n`), rest.out).to.equal(true);
    await expectNothingLeft();
  });

  it("that is killed goes on with the same command, too", async () => {
    configure(60);
    const killed = await backfill(atFirst, "SIGKILL");
    expect(killed.out).not.to.include("done.");
    const rest = await backfill();
    expect(rest).to.include({ code: 0, err: "" });
    // One was done, and those that were under way may be since.
    expect(dueIn(rest.out), rest.out).to.be.within(IMAGES - 4, IMAGES - 1);
    await expectNothingLeft();
  });

  it("explains in its help how it goes on", async () => {
    expect((await snail(["backfill", "--help"])).out).to.include("Stop it with Ctrl-C. Run it again to go on:");
  });

  async function expectNothingLeft(): Promise<void> {
    expect(await backfill()).to.deep.equal({
      code: 0,
      out: `${IMAGES} images are served, and have the renditions that are configured.\n`,
      err: "",
    });
    const { out } = await service.snail(service.run.cloud.iam.owner, ["redrive", "--stack", "dev"]);
    expect(out).to.match(/^No dead letters\.\n/);
  }
});
