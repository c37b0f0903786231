import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Orders wait in a queue; a function takes them and writes a report about each to a bucket. */
const document = (...statements: object[]) => pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
const onlyByTls = (action: string, ...resources: pulumi.Input<string>[]) => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const reports = new aws.s3.Bucket("reports");
const { bucket } = reports;
new aws.s3.BucketPublicAccessBlock("reports-access", {
  bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
new aws.s3.BucketOwnershipControls("reports-ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
new aws.s3.BucketVersioning("reports-versioning", { bucket, versioningConfiguration: { status: "Enabled" } });
new aws.s3.BucketServerSideEncryptionConfiguration("reports-encryption", {
  bucket,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
});
new aws.s3.BucketLifecycleConfiguration("reports-lifecycle", {
  bucket,
  rules: [
    {
      id: "old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  ],
});
new aws.s3.BucketPolicy("reports-policy", {
  bucket,
  policy: document(onlyByTls("s3:*", reports.arn, pulumi.interpolate`${reports.arn}/*`)),
});

const deadLetters = new aws.sqs.Queue("orders-dead-letters", {
  sqsManagedSseEnabled: true,
  messageRetentionSeconds: 14 * 86_400,
});
const orders = new aws.sqs.Queue("orders", {
  sqsManagedSseEnabled: true,
  messageRetentionSeconds: 4 * 86_400,
  visibilityTimeoutSeconds: 180,
  redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 10 }),
});
for (const [name, queue] of Object.entries({ orders, "orders-dead-letters": deadLetters }))
  new aws.sqs.QueuePolicy(`${name}-policy`, {
    queueUrl: queue.url,
    policy: document(onlyByTls("sqs:*", queue.arn)),
  });
const alarm = (name: string, metricName: string, queue: aws.sqs.Queue, threshold: number) =>
  new aws.cloudwatch.MetricAlarm(name, {
    namespace: "AWS/SQS",
    metricName,
    dimensions: { QueueName: queue.name },
    statistic: "Maximum",
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    period: 60,
    evaluationPeriods: 1,
  });
alarm("orders-dead-letters-alarm", "ApproximateNumberOfMessagesVisible", deadLetters, 0);
alarm("orders-age-alarm", "ApproximateAgeOfOldestMessage", orders, 900);

const role = new aws.iam.Role("report-role", {
  assumeRolePolicy: document({
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  }),
});
const log = new aws.cloudwatch.LogGroup("report-log", { retentionInDays: 30 });
new aws.iam.RolePolicy("report-rights", {
  role: role.name,
  policy: document(
    {
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: orders.arn,
    },
    { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${reports.arn}/*` },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${log.arn}:*`,
    },
  ),
});
const report = new aws.lambda.Function("report", {
  role: role.arn,
  runtime: aws.lambda.Runtime.NodeJS24dX,
  architectures: ["arm64"],
  handler: "index.handler",
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.handler = async () => ({ batchItemFailures: [] });"),
  }),
  timeout: 30,
  memorySize: 256,
  environment: { variables: { BUCKET: bucket } },
  loggingConfig: { logFormat: "JSON", logGroup: log.name },
});
new aws.lambda.EventSourceMapping("report-orders", {
  eventSourceArn: orders.arn,
  functionName: report.name,
  functionResponseTypes: ["ReportBatchItemFailures"],
  scalingConfig: { maximumConcurrency: 2 },
});
