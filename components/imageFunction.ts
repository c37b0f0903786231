import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { dependencies } from "../package.json";
import { functionAlarms } from "./alarm";
import type { Alarms } from "./alarms";
import type { FunctionLayer } from "./functionLayer";
import type { FunctionList } from "./functionList";
import { attach, refuseWildcards, trust, unprovenGrants, type Grant, type Grants } from "./grants";
import { metricsNamespace } from "./metricsNamespace";
import { checkRanges } from "./ranges";

/** Arguments that are the same for all functions of a stack. */
export interface FunctionDefaults {
  /** Holds the packages that the function loads; the function runs on its architecture. */
  layer: Pick<FunctionLayer, "arn" | "architecture">;
  /** How long logs are kept: days, one of the values that CloudWatch Logs takes (1, 3, 5, 7, 14, 30 … 3653). */
  logRetentionDays: number;
  /** Whether X-Ray keeps traces: of the first invocation in each second, and of 5 % of the others. */
  tracing: boolean;
  /** Gains the function. */
  list: FunctionList;
  /** Receive the alarms: the function crashes or is throttled, its messages wait or become dead letters. */
  alarms: Pick<Alarms, "actions" | "names" | "arns">;
  /** Subnets for the function, and its security group. Default: the function is in no VPC. */
  network?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupId: pulumi.Input<string> };
}

export interface ImageFunctionArgs<Event, Result> extends FunctionDefaults {
  /** Makes the handler, once per cold start. Everything that it closes over is shipped to Lambda. */
  handler: aws.lambda.CallbackFactory<Event, Result>;
  /** Texts by the name of their file, beside the handler's. Default: none. */
  files?: Record<string, string>;
  /** Variables that the handler reads from `process.env`. Never a secret. Lambda takes 4 KB of them. */
  environment: Record<string, pulumi.Input<string>>;
  /** Policies of the function's role, by name, besides those for its log and its trace. */
  grants: Grants;
  /** Lambda stops a run after this time: 1 to 900 seconds. */
  timeoutSeconds: number;
  /** 128 to 10240 MiB. The processor grows with it: at 1769 MiB it is one full virtual CPU. */
  memoryMiB: number;
  /** The function decodes untrusted uploads; sets libvips' hardening variables. Default: false. */
  decodesImages?: boolean;
}

/**
 * A function with its own role, policies, log group and alarms.
 *
 * @example
 * ```ts
 * new ImageFunction("LookProcess", {
 *   layer: new FunctionLayer("packages", { content: layerArchive({ architecture: "arm64" }), architecture: "arm64" }),
 *   logRetentionDays: 30,
 *   tracing: true,
 *   list: new FunctionList(),
 *   alarms: new Alarms("alarms", { email: "ops@example.com" }),
 *   handler: createLookProcess,
 *   environment: { TABLE: table.name },
 *   grants: { TablePolicy: [{ actions: ["dynamodb:GetItem"], on: table.arn }] },
 *   timeoutSeconds: 28,
 *   memoryMiB: 512,
 * });
 * ```
 */
export class ImageFunction<Event, Result> extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  /** The role's inline policies: an event source must wait for them. */
  readonly policies: aws.iam.RolePolicy[];

  constructor(name: string, args: ImageFunctionArgs<Event, Result>, opts?: pulumi.ComponentResourceOptions) {
    const { timeoutSeconds, memoryMiB } = args;
    checkRanges(`ImageFunction "${name}"`, {
      timeoutSeconds: [1, timeoutSeconds, 900],
      memoryMiB: [128, memoryMiB, 10_240],
    });
    refuseWildcards(`ImageFunction "${name}"`, args.grants);
    const networkGrants = args.network ? isolatedNetworkPolicy : {};
    const traceGrants = args.tracing ? tracePolicy : {};
    super("snail:index:ImageFunction", name, unprovenGrants({ ...args.grants, ...networkGrants }), opts);
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
        ...traceGrants,
        ...networkGrants,
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
        // All packages come from the layer. Each function needs its own list, because the serialiser adds to it.
        codePathOptions: { extraExcludePackages: Object.keys(dependencies) },
        timeout: timeoutSeconds,
        memorySize: memoryMiB,
        environment: {
          variables: {
            ...args.environment,
            POWERTOOLS_SERVICE_NAME: name,
            POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(),
            ...(args.decodesImages && decoderEnvironment),
          },
        },
        loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
        tracingConfig: { mode: args.tracing ? "Active" : "PassThrough" },
        ...(args.network && {
          vpcConfig: { subnetIds: args.network.subnetIds, securityGroupIds: [args.network.securityGroupId] },
        }),
      },
      {
        ...child,
        // A function without rights cannot write its first log line, and Lambda gives it no network.
        dependsOn: this.policies,
        // CallbackFunction takes files from disk alone.
        transformations: [
          ({ props, opts }) => ({ props: { ...props, code: withFiles(props.code as Archive, args.files) }, opts }),
        ],
      },
    );
    functionAlarms(name, this.function, args.alarms, child);
    args.list.names[name] = this.function.name;
    args.list.logGroups[name] = logGroup.name;

    this.registerOutputs({ function: this.function.arn });
  }
}

type Archive = pulumi.Output<pulumi.asset.AssetArchive>;

/** An archive with further files. */
function withFiles(code: Archive, files: Record<string, string> = {}): Archive {
  const more = Object.entries(files).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)] as const);
  if (more.length === 0) return code;
  const all = async ({ assets }: pulumi.asset.AssetArchive) =>
    new pulumi.asset.AssetArchive({ ...(await assets), ...Object.fromEntries(more) });
  return code.apply(all);
}

/**
 * The longest run of a function behind the API. API Gateway gives up after 29 seconds
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html) and answers 504; a function that ends before
 * that leaves the reason in its log.
 */
export const API_TIMEOUT_SECONDS = 28;

/** libvips refuses loaders that are unsafe with untrusted files; glibc's many arenas would double the memory. */
const decoderEnvironment = { VIPS_BLOCK_UNTRUSTED: "1", MALLOC_ARENA_MAX: "1" };

/**
 * The two actions have no resource type:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
const tracePolicy: Grants = {
  XRayPolicy: [{ actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], on: "*" }],
};

/**
 * Lambda attaches the function to its subnets with the function's own role; these actions take no narrower resource. The
 * code of a function never needs them, and it is the only caller whose requests carry `lambda:SourceFunctionArn`:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
const networkActions: Grant["actions"] = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];
const isolatedNetworkPolicy: Grants = {
  IsolatedNetworkPolicy: [
    {
      actions: networkActions,
      on: "*",
      unproven: "Lambda's own service calls them, and the local run has no networks",
    },
    { effect: "Deny", actions: networkActions, on: "*", condition: { Null: { "lambda:SourceFunctionArn": "false" } } },
  ],
};
