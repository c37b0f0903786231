import { expect } from "chai";

import { serviceStatements, type Statement, verifyStatements } from "../../../../github-roles/rights";
import { checks } from "../../verify/checks";
import { cleanUp } from "../../verify/cleanUp";
import { policyOf } from "../../verify/policy";
import type { Target } from "../../support/target";

describe("the rights that snail verify asks for", () => {
  const queues = { PutRawImageQueue: "https://sqs.eu-west-1.amazonaws.com/123456789012/PutRawImageQueue-1234567" };
  const deadLetters = {
    PutRawImageQueue: "https://sqs.eu-west-1.amazonaws.com/123456789012/PutRawImageQueue-dead-letters-1234567",
  };
  const target = {
    stack: "prod",
    region: "eu-west-1",
    accountId: "123456789012",
    partition: "aws",
    apiId: "abcdefghij",
    apiUrl: "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/prod",
    apiAuth: "iam",
    tempImagesBucket: "snail-temp-images-prod-1234567",
    imagesBucket: "snail-images-prod-1234567",
    queueUrls: queues,
    deadLetterQueueUrls: deadLetters,
    eventBusName: "ImageEvents-prod",
    eventDeadLetterQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/ImageEvents-dead-letters-1234567",
    logGroups: { ImageEventProcess: "ImageEventProcess-log-1234567" },
    alarmNames: [],
    imageTypes: [{ imageType: "small" }],
  } as unknown as Target;

  it("name actions and resources one by one, and images of its own names only", () => {
    expect(policyOf(target, [...checks, cleanUp])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        allow(["apigateway:GET"], ["arn:aws:apigateway:eu-west-1::/restapis/abcdefghij/resources"]),
        allow(["s3:GetBucketVersioning"], ["arn:aws:s3:::snail-temp-images-prod-1234567"]),
        allow(
          ["execute-api:Invoke"],
          [
            ...["GET", "PUT", "DELETE"].map(
              (method) => `arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/prod/${method}/raw/snail-verify-*`,
            ),
            "arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/prod/POST/uploads",
          ],
        ),
        allow(["s3:GetBucketNotification"], ["arn:aws:s3:::snail-temp-images-prod-1234567"]),
        allow(["events:DescribeEventBus"], ["arn:aws:events:eu-west-1:123456789012:event-bus/ImageEvents-prod"]),
        allow(
          ["logs:FilterLogEvents"],
          ["arn:aws:logs:eu-west-1:123456789012:log-group:ImageEventProcess-log-1234567:*"],
        ),
        allow(
          ["sqs:GetQueueAttributes"],
          [
            "arn:aws:sqs:eu-west-1:123456789012:PutRawImageQueue-dead-letters-1234567",
            "arn:aws:sqs:eu-west-1:123456789012:ImageEvents-dead-letters-1234567",
          ],
        ),
        allow(["cloudwatch:DescribeAlarms"], ["*"]),
        {
          ...allow(["s3:ListBucketVersions"], ["arn:aws:s3:::snail-temp-images-prod-1234567"]),
          Condition: { StringLike: { "s3:prefix": ["images/snail-verify-*"] } },
        },
        {
          ...allow(["s3:ListBucket"], ["arn:aws:s3:::snail-images-prod-1234567"]),
          Condition: { StringLike: { "s3:prefix": ["raw/snail-verify-*", "small/snail-verify-*"] } },
        },
      ],
    });
  });

  it("do not include calls of an API that takes tokens", () => {
    const actions = policyOf({ ...target, apiAuth: "cognito" }, checks).Statement.flatMap(({ Action }) => Action);
    expect(actions).to.not.include("execute-api:Invoke");
  });

  it("are rights of the role that deploys", () => {
    const account = { region: "eu-west-1", accountId: "123456789012" };
    const granted = [...serviceStatements(account, "write"), ...verifyStatements(account, "prod")];
    const missing = policyOf(target, [...checks, cleanUp]).Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) =>
        Resource.filter((resource) => !covers(granted, action, resource)).map((on) => [action, on]),
      ),
    );
    expect(missing).to.deep.equal([]);
  });
});

const allow = (Action: string[], Resource: string[]) => ({ Effect: "Allow", Action, Resource });

/** Whether a pattern of a policy includes all that another one does. */
const includes = (pattern: string, other: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(other);

const covers = (statements: readonly Statement[], action: string, resource: string): boolean =>
  statements.some(
    ({ Action, Resource }) =>
      Action.some((each) => includes(each, action)) && Resource.some((each) => includes(each, resource)),
  );
