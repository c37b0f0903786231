import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { attach, trust } from "./grants";

/**
 * Lets API Gateway write logs. The setting is one per account and region, shared by all APIs there: it stays when the
 * stack goes.
 */
export class ApiGatewayAccount extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ApiGatewayAccount", name, {}, opts);
    const child = { parent: this, retainOnDelete: true };
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { region } = aws.getRegionOutput({}, { parent: this });
    const { partition } = aws.getPartitionOutput({}, { parent: this });

    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trust("apigateway.amazonaws.com") }, child);
    const policies = attach(
      role,
      name,
      {
        ApiGatewayLogsPolicy: [
          {
            actions: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:DescribeLogGroups",
              "logs:DescribeLogStreams",
              "logs:FilterLogEvents",
              "logs:GetLogEvents",
              "logs:PutLogEvents",
            ],
            // Every API of the account and region logs with this role, each in a group of its own.
            on: pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
          },
        ],
      },
      child,
    );
    // API Gateway tries the role before it accepts it.
    new aws.apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...child, dependsOn: policies });

    this.registerOutputs();
  }
}
