import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dependencies } from "../package.json";
import type { FunctionLayer } from "./functionLayer";
import { attach, refuseWildcards, trust, type Grants } from "./grants";
import { checkRanges } from "./ranges";

/** What all functions of a stack have in common. */
export interface FunctionDefaults {
  layer: Pick<FunctionLayer, "arn" | "architecture">;
  /** Days; one of the values that CloudWatch Logs knows. */
  logRetentionDays: number;
  /** Subnets without a way to the internet, and a group for them. Default: outside any VPC. */
  network?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupId: pulumi.Input<string> };
}

export interface ImageFunctionArgs<Event, Result> extends FunctionDefaults {
  /** Makes the handler, once per cold start. What it closes over is shipped to Lambda. */
  handler: aws.lambda.CallbackFactory<Event, Result>;
  /** What the handler reads from `process.env`. No secrets. */
  environment: Record<string, pulumi.Input<string>>;
  /** Everything the handler may do, besides writing its log and its trace. */
  grants: Grants;
  /** The longest run, 1 to 900 seconds. */
  timeoutSeconds: number;
  /** 128 to 10240 MiB. */
  memoryMiB: number;
  /** The handler hands files of strangers to the image library. Default: false. */
  decodesImages?: boolean;
}

/** A function with a role, a log and rights of its own. */
export class ImageFunction<Event, Result> extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  /** The role's inline policies: whoever triggers the function waits for them. */
  readonly policies: aws.iam.RolePolicy[];

  constructor(name: string, args: ImageFunctionArgs<Event, Result>, opts?: pulumi.ComponentResourceOptions) {
    const { timeoutSeconds, memoryMiB } = args;
    checkRanges(`ImageFunction "${name}"`, {
      timeoutSeconds: [1, timeoutSeconds, 900],
      memoryMiB: [128, memoryMiB, 10_240],
    });
    refuseWildcards(`ImageFunction "${name}"`, args.grants);
    super("snail:index:ImageFunction", name, {}, opts);
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(`${name}-log`, { retentionInDays: args.logRetentionDays }, child);
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trust("lambda.amazonaws.com") }, child);
    this.policies = attach(
      role,
      name,
      {
        ...args.grants,
        FunctionLogsPolicy: [
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            on: pulumi.interpolate`${logGroup.arn}:log-stream:*`,
          },
        ],
        // The two actions know no resources.
        XRayPolicy: [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], on: "*" }],
        ...(args.network && isolatedNetworkPolicy),
      },
      child,
    );
    this.function = new aws.lambda.CallbackFunction(
      name,
      {
        callbackFactory: args.handler,
        role,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: [args.layer.architecture],
        layers: [args.layer.arn],
        // All packages come from the layer. The list is made anew because the serialiser adds to it.
        codePathOptions: { extraExcludePackages: Object.keys(dependencies) },
        timeout: timeoutSeconds,
        memorySize: memoryMiB,
        environment: {
          variables: {
            ...args.environment,
            POWERTOOLS_SERVICE_NAME: name,
            POWERTOOLS_METRICS_NAMESPACE: "SnailImages",
            ...(args.decodesImages && decoderEnvironment),
          },
        },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        tracingConfig: { mode: "Active" },
        ...(args.network && {
          vpcConfig: { subnetIds: args.network.subnetIds, securityGroupIds: [args.network.securityGroupId] },
        }),
      },
      // Without its rights a function cannot write its first log line, and Lambda refuses it a network.
      { ...child, dependsOn: this.policies },
    );

    this.registerOutputs({ function: this.function.arn });
  }
}

/** libvips refuses loaders that are unsafe with strangers' files; glibc's many arenas would double the memory. */
const decoderEnvironment = { VIPS_BLOCK_UNTRUSTED: "1", MALLOC_ARENA_MAX: "1" };

/** Lambda attaches the function to its subnets with the function's role; these actions know no narrower resource. */
const isolatedNetworkPolicy: Grants = {
  IsolatedNetworkPolicy: [
    {
      actions: ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
      on: "*",
    },
  ],
};
