/** The place in which rights hold. */
export interface Account {
  partition: string;
  region: string;
  accountId: string;
}

export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What deploying takes of one AWS service. */
interface ServiceRights {
  /** Resource types of the program that are managed with these rights, as far as they stand for themselves. */
  types: readonly string[];
  /** What a preview needs. */
  read: readonly string[];
  /** What a deployment needs besides. */
  write: readonly string[];
  /** The ARNs: names as the program generates them, from logical names and seven hexadecimal digits. */
  on: (account: Account) => string[];
}

/** Beginnings of the physical names of each kind. */
export const namePrefixes = {
  buckets: ["snail-images-", "snail-temp-images-"],
  queues: ["PutRawImageQueue-", "PutResolutionBasedImageQueue-", "DeleteResolutionBasedImageQueue-"],
  tables: ["ImageMetadata-"],
  functions: ["RawImage", "ResolutionBasedImage"],
  layers: ["snail-images-"],
  topics: ["alarms-"],
  roles: ["RawImage", "ResolutionBasedImage", "ImageApi-"],
} as const;

const arns = (service: string, kind: string, prefixes: readonly string[]) => (account: Account) =>
  prefixes.map(
    (prefix) => `arn:${account.partition}:${service}:${account.region}:${account.accountId}:${kind}${prefix}*`,
  );

/** Everything that the program's resources need, service by service; its roles follow below. */
export const services: Record<string, ServiceRights> = {
  Buckets: {
    types: ["aws:s3/"],
    // Settings only: an ARN that ends in an asterisk matches objects too, and these actions know none.
    read: ["s3:GetBucket*", "s3:Get*Configuration", "s3:ListBucket", "s3:ListTagsForResource"],
    write: [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:PutBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:TagResource",
      "s3:UntagResource",
    ],
    on: ({ partition }) => namePrefixes.buckets.map((prefix) => `arn:${partition}:s3:::${prefix}*`),
  },
  Queues: {
    types: ["aws:sqs/"],
    read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
    write: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
    on: arns("sqs", "", namePrefixes.queues),
  },
  Tables: {
    types: ["aws:dynamodb/"],
    read: ["dynamodb:Describe*", "dynamodb:ListTagsOfResource"],
    write: [
      "dynamodb:CreateTable",
      "dynamodb:DeleteTable",
      "dynamodb:TagResource",
      "dynamodb:UntagResource",
      "dynamodb:UpdateContinuousBackups",
      "dynamodb:UpdateTable",
      "dynamodb:UpdateTimeToLive",
    ],
    on: arns("dynamodb", "table/", namePrefixes.tables),
  },
  Functions: {
    types: ["aws:lambda/function:", "aws:lambda/permission:"],
    read: ["lambda:Get*", "lambda:ListTags", "lambda:ListVersionsByFunction"],
    write: [
      "lambda:AddPermission",
      "lambda:CreateFunction",
      "lambda:DeleteFunction",
      "lambda:*FunctionConcurrency",
      "lambda:RemovePermission",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateFunction*",
    ],
    on: arns("lambda", "function:", namePrefixes.functions),
  },
  Layers: {
    types: ["aws:lambda/layerVersion:"],
    read: ["lambda:GetLayerVersion"],
    write: ["lambda:DeleteLayerVersion", "lambda:PublishLayerVersion"],
    on: arns("lambda", "layer:", namePrefixes.layers),
  },
  Mappings: {
    // A mapping's ARN is a generated id; the functions that it may drive are limited by a condition.
    types: ["aws:lambda/eventSourceMapping:"],
    read: ["lambda:GetEventSourceMapping", "lambda:ListTags"],
    write: [
      "lambda:CreateEventSourceMapping",
      "lambda:DeleteEventSourceMapping",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateEventSourceMapping",
    ],
    on: arns("lambda", "event-source-mapping:", [""]),
  },
  Logs: {
    types: ["aws:cloudwatch/logGroup:"],
    read: ["logs:ListTagsForResource"],
    write: [
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
    ],
    on: arns("logs", "log-group:", namePrefixes.roles),
  },
  Alarms: {
    types: ["aws:cloudwatch/metricAlarm:"],
    read: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
    write: [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
    ],
    on: arns("cloudwatch", "alarm:", [...namePrefixes.queues, ...namePrefixes.roles]),
  },
  Topics: {
    types: ["aws:sns/"],
    read: ["sns:Get*", "sns:ListTagsForResource", "sns:ListSubscriptionsByTopic"],
    write: [
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:Unsubscribe",
      "sns:UntagResource",
    ],
    on: arns("sns", "", namePrefixes.topics),
  },
  Api: {
    types: ["aws:apigateway/"],
    read: ["apigateway:GET"],
    write: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"],
    on: ({ partition, region }) =>
      ["/account", "/restapis", "/restapis/*", "/tags/*"].map(
        (path) => `arn:${partition}:apigateway:${region}::${path}`,
      ),
  },
};

/** Reading that knows no narrower resource. */
const readEverywhere = ["ec2:DescribeRegions", "kms:DescribeKey", "logs:DescribeLogGroups", "sts:GetCallerIdentity"];

/** What a preview, or a deployment, may do to the service's resources. Rights on roles are not among them. */
export function serviceStatements(account: Account, may: "read" | "write"): Statement[] {
  const statements = Object.entries(services).map(([sid, { read, write, on }]): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Action: may === "read" ? [...read] : [...read, ...write],
    Resource: on(account),
  }));
  return [...statements, { Sid: "Look", Effect: "Allow", Action: readEverywhere, Resource: ["*"] }];
}

export const roleArns = ({ partition, accountId }: Account): string[] =>
  namePrefixes.roles.map((prefix) => `arn:${partition}:iam::${accountId}:role/${prefix}*`);

const roleReads = ["iam:GetRole", "iam:GetRolePolicy", "iam:List*Role*"];

/**
 * Rights on the functions' roles. A deployment can make a role only inside `boundary`: else whoever deploys could give
 * a function more rights than he has himself.
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
        "iam:TagRole",
        "iam:UntagRole",
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
  ];
}

export function roleReadStatement(account: Account): Statement {
  return { Sid: "Roles", Effect: "Allow", Action: roleReads, Resource: roleArns(account) };
}

/** The Pulumi state: reading for a preview, writing for a deployment. Empty with Pulumi Cloud. */
export function stateStatements(
  { partition }: Account,
  { stateBucket, stateKeyArn }: { stateBucket: string; stateKeyArn: string },
  may: "read" | "write",
): Statement[] {
  const bucket = `arn:${partition}:s3:::${stateBucket}`;
  const objects = may === "read" ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
  const keys = may === "read" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
  return [
    ...(stateBucket === ""
      ? []
      : [
          { Sid: "State", Effect: "Allow" as const, Action: objects, Resource: [`${bucket}/*`] },
          { Sid: "States", Effect: "Allow" as const, Action: ["s3:ListBucket"], Resource: [bucket] },
        ]),
    ...(stateKeyArn === ""
      ? []
      : [{ Sid: "StateKey", Effect: "Allow" as const, Action: keys, Resource: [stateKeyArn] }]),
  ];
}

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
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"],
      on("Queues"),
    ),
    statement(
      "Items",
      ["dynamodb:*Item", "dynamodb:Query", "dynamodb:TransactWriteItems"],
      [...on("Tables"), ...on("Tables").map((table) => `${table}/index/*`)],
    ),
    statement(
      "Logs",
      ["logs:*LogStream*", "logs:PutLogEvents"],
      on("Logs").map((group) => `${group}:*`),
    ),
    // The role with which API Gateway logs serves every API of the account.
    statement(
      "ApiLogs",
      ["logs:CreateLogGroup", "logs:*LogStream*", "logs:DescribeLogGroups", "logs:*LogEvents"],
      [`arn:${account.partition}:logs:${account.region}:${account.accountId}:log-group:*`],
    ),
    statement("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
  ];
}
