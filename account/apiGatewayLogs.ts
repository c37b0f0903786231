import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { attach, trust } from "../components/grants";

/**
 * Lets API Gateway write logs. Account and region have one role for that, which all their APIs share
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html): a stack of the service that set it
 * would take it from every other stack.
 *
 * @example
 * ```ts
 * new ApiGatewayLogs("api-gateway-logs");
 * ```
 */
export class ApiGatewayLogs extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("snail:account:ApiGatewayLogs", name, {}, opts);
    const child = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, child);
    const { region } = aws.getRegionOutput({}, child);
    const { partition } = aws.getPartitionOutput({}, child);

    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trust("apigateway.amazonaws.com") }, child);
    const policies = attach(
      role,
      name,
      {
        ApiGatewayLogsPolicy: [
          {
            // The actions that API Gateway requires of the role, whether or not it uses them.
            actions: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:DescribeLogStreams",
              "logs:FilterLogEvents",
              "logs:GetLogEvents",
              "logs:PutLogEvents",
            ],
            // Each API of account and region has its own log groups.
            on: pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
          },
          // Has no resource type.
          { actions: ["logs:DescribeLogGroups"], on: "*" },
        ],
      },
      child,
    );
    // API Gateway tries the role before it accepts it.
    new aws.apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...child, dependsOn: policies });

    this.registerOutputs();
  }
}
