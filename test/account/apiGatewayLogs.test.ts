import { expect } from "chai";

import { ApiGatewayLogs } from "../../account/apiGatewayLogs";
import { declare } from "../support/pulumi";

describe("ApiGatewayLogs", () => {
  it("lets API Gateway write the logs of every API of the account", async () => {
    const stack = await declare(() => new ApiGatewayLogs("account"));
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
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
          ],
          Resource: "arn:aws:logs:eu-west-1:123456789012:log-group:*",
        },
      ],
    });
    expect(stack.inputs("Account")).to.deep.equal({
      cloudwatchRoleArn: "arn:aws:iam::123456789012:role/account-role",
    });
    expect(stack.dependencies("Account")).to.include("account-ApiGatewayLogsPolicy");
  });
});
