import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A program with a mistake for each group of rules, as it is easily made. */
const everyone = (action: string, on: pulumi.Input<string>) =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: action, Resource: on }],
  });

const photos = new aws.s3.Bucket("photos");
new aws.s3.BucketPolicy("photos-policy", {
  bucket: photos.bucket,
  policy: everyone("s3:GetObject", pulumi.interpolate`${photos.arn}/*`),
});
const work = new aws.sqs.Queue("work");
new aws.sqs.QueuePolicy("work-policy", { queueUrl: work.url, policy: everyone("sqs:*", work.arn) });
new aws.dynamodb.Table("records", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
});
const role = new aws.iam.Role("role", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
});
new aws.iam.RolePolicy("role-policy", {
  role: role.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
  }),
});
const worker = new aws.lambda.Function("worker", {
  role: role.arn,
  runtime: aws.lambda.Runtime.NodeJS24dX,
  handler: "index.handler",
  code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.handler = async () => {};"),
  }),
  timeout: 60,
  memorySize: 128,
});
new aws.lambda.EventSourceMapping("mapping", { eventSourceArn: work.arn, functionName: worker.name });
new aws.cloudwatch.LogGroup("log");
new aws.apigateway.RestApi("api", {
  body: JSON.stringify({ openapi: "3.0.1", info: { title: "api", version: "1" }, paths: { "/x": { get: {} } } }),
});
