import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import { NatGatewayStrategy, SubnetAllocationStrategy, SubnetType } from "@pulumi/awsx/types/enums/ec2";
import * as pulumi from "@pulumi/pulumi";

import type { FunctionDefaults } from "./imageFunction";

/** The functions' network: `aws` leaves them outside any VPC. */
export function networkFor(
  network: "aws" | "isolated",
  opts: pulumi.ComponentResourceOptions,
): FunctionDefaults["network"] {
  return network === "isolated" ? new IsolatedNetwork("network", opts) : undefined;
}

/**
 * Subnets without a way to the internet, from which S3, DynamoDB, SQS and EventBridge can be reached and nothing else.
 *
 * @example
 * ```ts
 * const network = new IsolatedNetwork("network");
 * new ImageFunction("LookProcess", { network, ...looking });
 * ```
 */
export class IsolatedNetwork extends pulumi.ComponentResource {
  readonly subnetIds: pulumi.Output<string[]>;
  /** Of the functions in the subnets: HTTPS out, nothing in. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:IsolatedNetwork", name, {}, opts);
    const child = { parent: this };
    const { region } = aws.getRegionOutput({}, child);

    const vpc = new Vpc(
      `${name}-vpc`,
      {
        numberOfAvailabilityZones: 2,
        subnetStrategy: SubnetAllocationStrategy.Auto,
        subnetSpecs: [{ type: SubnetType.Isolated }],
        natGateways: { strategy: NatGatewayStrategy.None },
        enableDnsHostnames: true,
      },
      child,
    );
    const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
    const functions = new aws.ec2.SecurityGroup(
      `${name}-functions`,
      {
        vpcId: vpc.vpcId,
        description: "Functions: HTTPS out, nothing in",
        // The gateway endpoints have public addresses; there is no route to any other.
        egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"], description: "S3, DynamoDB and SQS" }],
      },
      child,
    );
    const endpoint = new aws.ec2.SecurityGroup(
      `${name}-sqs-endpoint`,
      {
        vpcId: vpc.vpcId,
        description: "SQS endpoint: HTTPS from the functions",
        ingress: [{ ...https, securityGroups: [functions.id], description: "Functions" }],
      },
      child,
    );
    for (const service of ["s3", "dynamodb"]) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: vpc.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)),
        },
        child,
      );
    }
    for (const service of ["sqs", "events"]) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: vpc.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: vpc.isolatedSubnetIds,
          securityGroupIds: [endpoint.id],
          privateDnsEnabled: true,
        },
        child,
      );
    }

    this.subnetIds = vpc.isolatedSubnetIds;
    this.securityGroupId = functions.id;
    this.registerOutputs({ subnetIds: this.subnetIds, securityGroupId: this.securityGroupId });
  }
}
