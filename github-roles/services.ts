/** The place in which rights hold. Of a partition it needs no name: a policy never reaches out of its own. */
export interface Account {
  region: string;
  accountId: string;
}

/** The rights that deploying needs of one AWS service. Asterisks keep the policy below its longest length. */
interface ServiceRights {
  /** Resource types of the program that are managed with these rights, as far as they stand for themselves. */
  types: readonly string[];
  /** Needed by a preview. */
  read: readonly string[];
  /** Needed by a deployment besides. */
  write: readonly string[];
  /** The ARNs: names as the program generates them, from logical names and seven hexadecimal digits. */
  on: (account: Account) => string[];
}

/** Beginnings of the physical names of each kind. */
export const namePrefixes = {
  buckets: ["snail-images-", "snail-temp-images-"],
  queues: ["PutRawImageQueue-", "PutResolutionBasedImageQueue-", "DeleteResolutionBasedImageQueue-", "ImageEvents-"],
  tables: ["ImageMetadata-"],
  functions: ["RawImage", "ResolutionBasedImage", "ImageEvent", "Sweep", "Upload"],
  layers: ["snail-images-"],
  topics: ["alarms-"],
  roles: ["RawImage", "ResolutionBasedImage", "ImageEvent", "Sweep", "Upload", "ImageApi-"],
  rules: ["Sweep"],
  buses: ["ImageEvents-"],
} as const;

const arns = (service: string, kind: string, prefixes: readonly string[]) => (account: Account) =>
  prefixes.map((prefix) => `arn:*:${service}:${account.region}:${account.accountId}:${kind}${prefix}*`);

const apis = (path: string) => (account: Account) => [`arn:*:apigateway:${account.region}::${path}`];

const cloudFront = (kind: string) => (account: Account) => [`arn:*:cloudfront::${account.accountId}:${kind}/*`];

/** Everything that the program's resources need, service by service; its roles follow below. */
export const services: Record<string, ServiceRights> = {
  Buckets: {
    types: ["aws:s3/"],
    // Settings only: an ARN that ends in an asterisk matches objects too, and these actions know none.
    read: ["s3:GetBucket*", "s3:Get*Configuration", "s3:ListBucket", "s3:ListTagsForResource"],
    write: [
      "s3:CreateBucket",
      "s3:DeleteBucket*",
      "s3:PutBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:*agResource",
    ],
    on: () => namePrefixes.buckets.map((prefix) => `arn:*:s3:::${prefix}*`),
  },
  Queues: {
    types: ["aws:sqs/"],
    read: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
    write: ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:*agQueue"],
    on: arns("sqs", "", namePrefixes.queues),
  },
  Tables: {
    types: ["aws:dynamodb/"],
    read: ["dynamodb:Describe*", "dynamodb:ListTagsOfResource"],
    write: [
      "dynamodb:*eTable",
      "dynamodb:*agResource",
      "dynamodb:UpdateContinuousBackups",
      "dynamodb:UpdateTimeToLive",
    ],
    on: arns("dynamodb", "table/", namePrefixes.tables),
  },
  Functions: {
    types: ["aws:lambda/function:", "aws:lambda/permission:"],
    read: ["lambda:Get*", "lambda:List*"],
    write: [
      "lambda:*Permission",
      "lambda:CreateFunction",
      "lambda:DeleteFunction",
      "lambda:*FunctionConcurrency",
      "lambda:*agResource",
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
    // A mapping's ARN is a generated id: those that change one are limited by its function, in `mappingStatement`.
    types: ["aws:lambda/eventSourceMapping:"],
    read: ["lambda:GetEventSourceMapping", "lambda:ListTags"],
    write: ["lambda:*agResource"],
    on: arns("lambda", "event-source-mapping:", [""]),
  },
  Logs: {
    types: ["aws:cloudwatch/logGroup:"],
    read: ["logs:ListTagsForResource"],
    write: ["logs:*LogGroup", "logs:PutRetentionPolicy", "logs:*agResource"],
    on: arns("logs", "log-group:", [...namePrefixes.roles, "API-Gateway-Execution-Logs_"]),
  },
  Alarms: {
    types: ["aws:cloudwatch/metricAlarm:"],
    read: ["cloudwatch:ListTagsForResource"],
    write: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:*agResource"],
    on: arns("cloudwatch", "alarm:", ["*Image*-alarm-", "Sweep*-alarm-", "Upload*-alarm-"]),
  },
  CompositeAlarms: {
    // Deleted and tagged as alarms are.
    types: ["aws:cloudwatch/compositeAlarm:"],
    read: [],
    write: ["cloudwatch:PutCompositeAlarm"],
    // It works with all alarms alone: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
    on: () => ["*"],
  },
  Dashboards: {
    types: ["aws:cloudwatch/dashboard:"],
    read: ["cloudwatch:GetDashboard"],
    write: ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"],
    // Dashboards are of an account, not of a region.
    on: ({ accountId }) => [`arn:*:cloudwatch::${accountId}:dashboard/snail-images-*`],
  },
  Queries: {
    types: ["aws:cloudwatch/queryDefinition:"],
    read: ["logs:DescribeQueryDefinitions"],
    write: ["logs:*QueryDefinition"],
    on: () => ["*"], // these actions know no resource
  },
  Schedules: {
    types: ["aws:cloudwatch/eventRule:", "aws:cloudwatch/eventTarget:"],
    read: ["events:DescribeRule", "events:List*"],
    write: ["events:DeleteRule", "events:PutRule", "events:*Targets", "events:*agResource"],
    on: arns("events", "rule/", namePrefixes.rules),
  },
  Buses: {
    types: ["aws:cloudwatch/eventBus:"],
    read: ["events:DescribeEventBus", "events:ListTagsForResource"],
    write: ["events:*EventBus", "events:*agResource"],
    on: arns("events", "event-bus/", namePrefixes.buses),
  },
  Topics: {
    types: ["aws:sns/"],
    read: ["sns:Get*", "sns:List*"],
    write: [
      "sns:*Topic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:Unsubscribe",
      "sns:UntagResource",
    ],
    on: arns("sns", "", namePrefixes.topics),
  },
  // CloudFront's ids are generated, and its ARNs have no region: these are all of the account.
  Distributions: {
    types: ["aws:cloudfront/distribution:"],
    read: ["cloudfront:GetDistribution", "cloudfront:ListTags*"],
    write: ["cloudfront:*Distribution", "cloudfront:*agResource"],
    on: cloudFront("distribution"),
  },
  CachePolicies: {
    types: ["aws:cloudfront/cachePolicy:"],
    read: ["cloudfront:GetCachePolicy"],
    write: ["cloudfront:*CachePolicy"],
    on: cloudFront("cache-policy"),
  },
  HeadersPolicies: {
    types: ["aws:cloudfront/responseHeadersPolicy:"],
    read: ["cloudfront:GetResponseHeadersPolicy"],
    write: ["cloudfront:*HeadersPolicy"],
    on: cloudFront("response-headers-policy"),
  },
  OriginAccess: {
    types: ["aws:cloudfront/originAccessControl:"],
    read: ["cloudfront:GetOriginAccessControl"],
    write: ["cloudfront:*OriginAccessControl"],
    on: cloudFront("origin-access-control"),
  },
  // API Gateway's ids are generated, and its ARNs have no account: these are all APIs of the region.
  NewApi: { types: [], read: [], write: ["apigateway:POST"], on: apis("/restapis") },
  Api: {
    types: ["aws:apigateway/"],
    read: ["apigateway:GET"],
    write: ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"],
    on: apis("/restapis/*"),
  },
  ApiTags: {
    types: [],
    read: ["apigateway:GET"],
    write: ["apigateway:DELETE", "apigateway:PUT"],
    on: apis("/tags/*"),
  },
};
