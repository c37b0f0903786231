import { namePrefixes, services, type Account } from "./services";

/** A statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

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
    statement("Traces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
  ];
}
