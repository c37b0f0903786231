import { runWithPrintedRights } from "../support/printedRights";
import { BreakableRun } from "../verify/breakableRun";

describe("snail status of a deployed stack", function () {
  this.timeout(180_000);
  let service: BreakableRun;
  before(async function () {
    if (process.platform === "win32") this.skip(); // the stand-in for the Pulumi CLI is a shell script
    service = await BreakableRun.start();
  });
  after(() => service.close());

  it("does with the rights that its help prints, and with no others, all that it does", async () => {
    const { region, accountId, imageMetadataTable, tempImagesBucket, queueUrls, deadLetterQueueUrls } = service.target;
    const queues = [...Object.values(queueUrls), ...Object.values(deadLetterQueueUrls)];
    const resources: Record<string, string[]> = {
      "dynamodb:Query on the table's index": [
        `arn:aws:dynamodb:${region}:${accountId}:table/${imageMetadataTable}/index/byStatusShard`,
      ],
      "s3:ListBucketVersions on the temp bucket": [`arn:aws:s3:::${tempImagesBucket}`],
      "sqs:GetQueueAttributes": queues.map((url) => `arn:aws:sqs:${region}:${accountId}:${url.split("/").at(-1)}`),
      "cloudwatch:DescribeAlarms on all resources": ["*"],
    };
    await runWithPrintedRights(service, ["status"], resources);
  });
});
