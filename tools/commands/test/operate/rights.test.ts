import { expect } from "chai";

import type { AccessDecision } from "../../../embedded-aws";
import { reportOf } from "../../privileges/report";
import { snail } from "../cli/support";
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
    const [, printed = ""] = /Permissions: ([^.]+)\./.exec((await snail(["status", "--help"])).out) ?? [];
    const permissions = printed.split(/,\s+/);
    expect(permissions).to.have.members(Object.keys(resources));
    const Statement = permissions.map((permission) => ({
      Effect: "Allow",
      Action: permission.split(" ")[0],
      Resource: resources[permission],
    }));
    const operator = service.roleWith({ Version: "2012-10-17", Statement });
    const decisions: AccessDecision[] = [];
    const end = service.run.cloud.iam.onDecision((decision) => decisions.push(decision));
    const { code, out, err } = await service.snail(operator.keys, ["status", "--stack", "dev"]);
    end();
    expect({ code, err }, out).to.deep.equal({ code: 0, err: "" });
    const policies = service.run.cloud.policies().filter(({ source }) => source === "identity");
    const own = policies.filter(({ holder }) => holder === operator.arn);
    expect(reportOf(own, decisions).unused).to.deep.equal([]);
  });
});
