import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { plainPicture } from "../../verify/pictures";
import { runWithPrintedRights } from "../support/printedRights";
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
    expect(out).to.match(/^1 of 1 image .*[^]*\n1 done\.\n$/);
  });
});
