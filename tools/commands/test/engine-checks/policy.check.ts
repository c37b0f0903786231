import { join } from "node:path";
import { expect } from "chai";
import { rules } from "../../../../policy/rules";
import { readEventLog, type PolicyFinding } from "../../engine/events";
import { pulumi, scratchFolder, stackUnderCheck } from "./support";

describe("the policy pack on the real engine", function () {
  this.timeout(600_000);
  const target = { ...stackUnderCheck("dev"), program: join(__dirname, "broken-program"), folder: scratchFolder() };
  let code: number;
  let mandatory: PolicyFinding[];
  before(async () => {
    const file = join(target.folder, "events.json");
    ({ code } = await pulumi(target, "preview", "--event-log", file));
    mandatory = readEventLog(file).findings.filter(({ level }) => level === "mandatory");
  });

  it("refuses a preview with mistakes", () => {
    expect(code).to.not.equal(0);
  });

  const expected: [rule: string, resource: string, message: string][] = [
    ["s3-public-access-block", "photos", "public access block is not set; allowed: one, with all four switches true"],
    ["s3-no-public-principal", "photos-policy", "policy: Principal is *; allowed: roles, accounts or services by name"],
    ["sqs-redrive", "work", "redrivePolicy is not set; allowed: one with a dead-letter queue"],
    ["sqs-no-action-wildcard", "work-policy", "policy: Action is sqs:*; allowed: actions by name"],
    ["lambda-timeout-below-visibility", "worker", "timeout is 60; allowed: less than 30, the queue's visibility"],
    ["lambda-maximum-concurrency", "mapping", "scalingConfig.maximumConcurrency is not set; allowed: 2 to 1000"],
    ["dynamodb-point-in-time-recovery", "records", "pointInTimeRecovery.enabled is not set; allowed: true"],
    ["apigateway-authorised", "api", "body: GET /x: security is none; allowed: AWS_IAM, a user pool or an authorizer"],
    ["iam-no-action-wildcard", "role-policy", "policy: Action is s3:*; allowed: actions by name"],
    ["logs-retention", "log", "retentionInDays is not set; allowed: 1 or more"],
  ];
  for (const [name, resource, message] of expected)
    it(`names ${name} on ${resource}, with value, reason and remedy`, () => {
      const found = mandatory.filter(({ policy, urn }) => policy === name && urn.endsWith(`::${resource}`));
      expect(found.map((finding) => finding.message).join("\n")).to.include(message);
      const { reason, remedy } = rules.find((rule) => rule.name === name)!;
      expect(found[0]?.message).to.include(`${reason} ${remedy}`);
    });
});
