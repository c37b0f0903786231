import { namePrefixes, services, type Account } from "./services";

/** A statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Reading that knows no narrower resource. CloudWatch describes all alarms of the account, whichever are asked for. */
const readEverywhere = [
  "cloudwatch:DescribeAlarms",
  "ec2:DescribeRegions",
  "kms:DescribeKey",
  "logs:DescribeLogGroups",
  "sts:GetCallerIdentity",
];

/** Rights of a preview, or a deployment, on the service's resources, but for those on roles. */
export function serviceStatements(account: Account, may: "read" | "write"): Statement[] {
  const statements = Object.entries(services).map(([sid, { read, write, on }]): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Action: may === "read" ? [...read] : [...read, ...write],
    Resource: on(account),
  }));
  // Nothing of some services is read in a preview, and a statement without actions says nothing.
  const meaningful = statements.filter(({ Action }) => Action.length > 0);
  return [...meaningful, { Sid: "Look", Effect: "Allow", Action: readEverywhere, Resource: ["*"] }];
}

/** Rights on the mappings of the service's own functions. Creating one has no resource type: its function is a condition. */
export function mappingStatement(account: Account): Statement {
  return {
    Sid: "MappingsOfFunctions",
    Effect: "Allow",
    Action: ["lambda:*EventSourceMapping"],
    Resource: ["*"],
    Condition: { ArnLike: { "lambda:FunctionArn": services.Functions?.on(account) ?? [] } },
  };
}

export const roleArns = ({ accountId }: Account): string[] =>
  namePrefixes.roles.map((prefix) => `arn:*:iam::${accountId}:role/${prefix}*`);

const API_GATEWAY = "ops.apigateway.amazonaws.com";

const roleReads = ["iam:GetRole", "iam:GetRolePolicy", "iam:List*Role*"];

/**
 * Rights on the functions' roles. A deployment can make a role only inside `boundary`: else the deploying role could give
 * a function more rights than it has itself.
 */
export function roleStatements(account: Account, boundary: string): Statement[] {
  const on = roleArns(account);
  const within = { StringEquals: { "iam:PermissionsBoundary": boundary } };
  return [
    {
      Sid: "RolesInside",
      Effect: "Allow",
      Action: ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      Resource: on,
      Condition: within,
    },
    {
      Sid: "Roles",
      Effect: "Allow",
      Action: [
        ...roleReads,
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:*agRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole*",
      ],
      Resource: on,
    },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: on,
      Condition: { StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "apigateway.amazonaws.com"] } },
    },
    {
      // An account's first API brings this role along, made in the name of who makes the API:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
      Sid: "RoleOfApiGateway",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: [`arn:*:iam::${account.accountId}:role/aws-service-role/${API_GATEWAY}/AWSServiceRoleForAPIGateway`],
      Condition: { StringEquals: { "iam:AWSServiceName": API_GATEWAY } },
    },
  ];
}

export function roleReadStatement(account: Account): Statement {
  return { Sid: "Roles", Effect: "Allow", Action: roleReads, Resource: roleArns(account) };
}

/**
 * Rights of `snail verify` that a deployment lacks: to send and delete images under names that no user's image has, and to
 * see that none is left and that they were announced.
 */
export function verifyStatements({ region, accountId }: Account, stack: string): Statement[] {
  return [
    {
      Sid: "VerifyCalls",
      Effect: "Allow",
      Action: ["execute-api:Invoke"],
      Resource: ["*/raw/snail-verify-*", "POST/uploads"].map(
        (path) => `arn:*:execute-api:${region}:${accountId}:*/${stack}/${path}`,
      ),
    },
    {
      Sid: "VerifyLooks",
      Effect: "Allow",
      Action: ["s3:ListBucketVersions"],
      Resource: services.Buckets?.on({ region, accountId }) ?? [],
    },
    {
      Sid: "VerifyReads",
      Effect: "Allow",
      Action: ["logs:FilterLogEvents"],
      Resource: [`arn:*:logs:${region}:${accountId}:log-group:ImageEventProcess-*`],
    },
  ];
}

/**
 * One stack's part of the Pulumi state: reading for a preview, writing for a deployment. Empty with Pulumi Cloud. The
 * bucket may hold other stacks, which stay out of reach: Pulumi keeps a stack under `stacks/<project>/<stack>.json`, and
 * its history, backups and locks in folders called `<project>/<stack>`.
 */
export function stateStatements(
  { stack, stateBucket, stateKeyArn }: { stack: string; stateBucket: string; stateKeyArn: string },
  may: "read" | "write",
): Statement[] {
  const bucket = `arn:*:s3:::${stateBucket}`;
  const own = [".", "/"].map((next) => `${bucket}/.pulumi/*/snail-images/${stack}${next}*`);
  const objects = may === "read" ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
  const keys = may === "read" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
  return [
    ...(stateBucket === ""
      ? []
      : [
          { Sid: "State", Effect: "Allow" as const, Action: objects, Resource: own },
          {
            Sid: "StateFormat",
            Effect: "Allow" as const,
            Action: ["s3:GetObject"],
            Resource: [`${bucket}/.pulumi/meta.yaml`],
          },
          { Sid: "States", Effect: "Allow" as const, Action: ["s3:ListBucket"], Resource: [bucket] },
        ]),
    ...(stateKeyArn === ""
      ? []
      : [{ Sid: "StateKey", Effect: "Allow" as const, Action: keys, Resource: [stateKeyArn] }]),
  ];
}

const networkActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** The most that any function of the service may do: what its named policies grant, on the service's own resources. */
export function functionBoundary(account: Account): Statement[] {
  const on = (...names: string[]) => names.flatMap((name) => services[name]?.on(account) ?? []);
  const statement = (Sid: string, Action: string[], Resource: string[]): Statement => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const buckets = on("Buckets");
  return [
    statement(
      "Objects",
      ["s3:GetObject*", "s3:PutObject", "s3:DeleteObject*"],
      buckets.map((bucket) => `${bucket}/*`),
    ),
    statement("Buckets", ["s3:ListBucket", "s3:ListBucketVersions"], buckets),
    statement(
      "Messages",
      [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
      ],
      on("Queues"),
    ),
    statement("Items", ["dynamodb:*Item", "dynamodb:Query"], on("Tables")),
    statement("Invalidations", ["cloudfront:CreateInvalidation"], on("Distributions")),
    statement("Changes", ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], on("Tables")),
    statement("Streams", ["dynamodb:ListStreams"], ["*"]),
    statement("Events", ["events:PutEvents"], on("Buses")),
    statement(
      "Logs",
      ["logs:*LogStream*", "logs:PutLogEvents"],
      on("Logs").map((group) => `${group}:*`),
    ),
    statement("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
    {
      // Lambda attaches a function to an isolated network with the function's role; the function's own code never does.
      ...statement("Network", networkActions, ["*"]),
      Condition: { Null: { "lambda:SourceFunctionArn": "true" } },
    },
  ];
}
