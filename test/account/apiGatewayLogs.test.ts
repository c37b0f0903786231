import { expect } from "chai";

import { ApiGatewayLogs } from "../../account/apiGatewayLogs";
import { declare, type Stack } from "../support/pulumi";
import { refusedPolicies } from "../support/refusedPolicies";

describe("ApiGatewayLogs", () => {
  let stack: Stack;
  before(async () => {
    stack = await declare(() => new ApiGatewayLogs("account"));
  });

  it("has only policies that AWS understands", async () => {
    expect(await refusedPolicies(stack.resources)).to.deep.equal({ policies: 2, refused: [] });
  });

  it("lets API Gateway write the logs of every API of the account", () => {
    expect(stack.inputs("Role")).to.deep.equal({
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "apigateway.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      },
    });
    expect(stack.policies("account-role")).to.deep.equal({
      ApiGatewayLogsPolicy: [
        {
          Effect: "Allow",
          Action: [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
          ],
          Resource: "arn:aws:logs:eu-west-1:123456789012:log-group:*",
        },
        { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: "*" },
      ],
    });
    expect(stack.inputs("Account")).to.deep.equal({
      cloudwatchRoleArn: "arn:aws:iam::123456789012:role/account-role",
    });
    expect(stack.dependencies("Account")).to.include("account-ApiGatewayLogsPolicy");
  });
});
