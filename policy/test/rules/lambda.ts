import { both, plus, resource, set, type Fixture } from "../fixture";

const arn = "arn:aws:lambda:eu-west-1:111111111111:function:work";
const lambda = (inputs: Record<string, unknown> = {}) =>
  resource("aws:lambda/function:Function", "work", { name: "work", ...inputs }, { outputs: { arn } });
const queueArn = "arn:aws:sqs:eu-west-1:111111111111:queue";
const queue = resource(
  "aws:sqs/queue:Queue",
  "queue",
  { visibilityTimeoutSeconds: 60 },
  { outputs: { arn: queueArn } },
);
const mapping = (inputs: Record<string, unknown> = {}) =>
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping", {
    eventSourceArn: queueArn,
    functionName: "work",
    ...inputs,
  });
const ofStream = set("mapping", "eventSourceArn", "arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/1");
const permission = (inputs: Record<string, unknown>) =>
  resource("aws:lambda/permission:Permission", "permission", {
    function: "work",
    action: "lambda:InvokeFunction",
    ...inputs,
  });
const api = {
  principal: "apigateway.amazonaws.com",
  sourceArn: "arn:aws:execute-api:eu-west-1:111111111111:a/*/GET/x",
};
const variable = (name: string, value: string) => set("work", `environment.variables.${name}`, value);

/** Fixtures of the rules about functions, by the rule's name. */
export const lambdaFunctions: Record<string, Fixture> = {
  "lambda-permission": {
    good: [permission(api)],
    bad: {
      "for everyone": set("permission", "principal", "*"),
      "for a service without a source": set("permission", "sourceArn", undefined),
      "for a service and any source": set("permission", "sourceArn", "*"),
      "for any API": set("permission", "sourceArn", "arn:aws:execute-api:eu-west-1:111111111111:*"),
      "for a bucket of any account": both(
        set("permission", "principal", "s3.amazonaws.com"),
        set("permission", "sourceArn", "arn:aws:s3:::photos"),
      ),
    },
    fine: {
      "for an account": both(set("permission", "principal", "111111111111"), set("permission", "sourceArn", undefined)),
    },
  },
  "lambda-runtime": {
    good: [lambda({ runtime: "nodejs24.x" })],
    bad: {
      "with a runtime that is no longer supported": set("work", "runtime", "nodejs18.x"),
      "without a runtime": set("work", "runtime", undefined),
    },
    fine: { "as a container image": both(set("work", "runtime", undefined), set("work", "packageType", "Image")) },
  },
  "lambda-tracing": {
    good: [lambda({ tracingConfig: { mode: "Active" } })],
    bad: {
      "passing traces on": set("work", "tracingConfig.mode", "PassThrough"),
      "without tracing": set("work", "tracingConfig", undefined),
    },
  },
  "lambda-timeout": {
    good: [lambda({ timeout: 30 })],
    bad: {
      "without a timeout": set("work", "timeout", undefined),
      "with a timeout that the provider filled in": { to: set("work", "__defaults", ["timeout"]).to },
    },
  },
  "lambda-timeout-below-visibility": {
    good: [lambda({ timeout: 59 }), queue, mapping()],
    bad: {
      "with a timeout as long as the visibility": set("work", "timeout", 60),
      "with a visibility as short as the timeout": set("queue", "visibilityTimeoutSeconds", 59),
    },
  },
  "lambda-memory": {
    good: [lambda({ memorySize: 256 })],
    bad: { "without a size": set("work", "memorySize", undefined) },
  },
  "lambda-reserved-concurrency": {
    good: [lambda({ reservedConcurrentExecutions: 5 }), permission(api)],
    bad: {
      "without a reserve": set("work", "reservedConcurrentExecutions", undefined),
      "without a limit": set("work", "reservedConcurrentExecutions", -1),
    },
    fine: {
      "behind another service": both(
        set("work", "reservedConcurrentExecutions", undefined),
        set("permission", "principal", "events.amazonaws.com"),
      ),
    },
  },
  "lambda-maximum-concurrency": {
    good: [lambda({ reservedConcurrentExecutions: 5 }), queue, mapping({ scalingConfig: { maximumConcurrency: 5 } })],
    bad: {
      "without a limit": set("mapping", "scalingConfig", undefined),
      "with a limit above the reserve": set("mapping", "scalingConfig.maximumConcurrency", 6),
      "with a reserve below the limit": set("work", "reservedConcurrentExecutions", 4),
    },
    fine: { "of a stream": both(ofStream, set("mapping", "scalingConfig", undefined)) },
  },
  "lambda-batch-item-failures": {
    good: [lambda(), queue, mapping({ functionResponseTypes: ["ReportBatchItemFailures"] })],
    bad: {
      "without response types": set("mapping", "functionResponseTypes", undefined),
      "with other response types": set("mapping", "functionResponseTypes", []),
      "of a stream, without response types": both(ofStream, set("mapping", "functionResponseTypes", undefined)),
    },
  },
  "lambda-no-filters": {
    good: [lambda(), queue, mapping()],
    bad: { "with a filter": set("mapping", "filterCriteria", { filters: [{ pattern: "{}" }] }) },
    fine: {
      "of a stream, with a filter": both(ofStream, set("mapping", "filterCriteria", { filters: [{ pattern: "{}" }] })),
    },
  },
  "lambda-dead-letters": {
    good: [lambda({ deadLetterConfig: { targetArn: queueArn } })],
    bad: { "without a target": set("work", "deadLetterConfig", undefined) },
  },
  "lambda-vpc": {
    good: [lambda({ vpcConfig: { subnetIds: ["subnet-1"] } })],
    bad: {
      "without a network": set("work", "vpcConfig", undefined),
      "without subnets": set("work", "vpcConfig.subnetIds", []),
    },
  },
  "lambda-no-secrets": {
    good: [
      lambda({
        environment: {
          variables: { QUEUE_URL: "https://sqs.example.com/1/q", SECRET: "arn:aws:secretsmanager:1:2:s" },
        },
      }),
    ],
    bad: {
      "with a password": variable("DB_PASSWORD", "correct horse battery"),
      "with a token": variable("API_TOKEN", "a1b2c3d4e5"),
      "with an AWS access key": variable("NAME", "AKIAIOSFODNN7EXAMPLE"),
      "with an AWS secret key": variable("NAME", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      "with an API key in camel case": variable("apiKey", "a1b2c3d4e5"),
      "with a private key": variable("NAME", "-----BEGIN RSA PRIVATE KEY-----"),
      "with a password in a URL": variable("DATABASE", "postgres://user:hunter22@db.example.com/x"),
    },
    fine: {
      "with a number of tokens": variable("MAX_TOKENS", "4000"),
      "with the name of a secret": variable("SECRET_NAME", "photos/api"),
      "with a commit": variable("REVISION", "3e2a01cb1f84a7a4ac6c5a3b1a0e9d8f7c6b5a40"),
    },
  },
  "lambda-environment-size": {
    good: [lambda({ environment: { variables: { A: "x".repeat(4000) } } })],
    bad: {
      "with more than 4 KB": variable("A", "x".repeat(4096)),
      "with more than 4 KB once quotes are escaped": variable("A", '"'.repeat(2100)),
    },
  },
  "lambda-environment-key": {
    good: [lambda({ kmsKeyArn: "arn:aws:kms:eu-west-1:1:key/k", environment: { variables: { A: "x" } } })],
    bad: { "without a key": set("work", "kmsKeyArn", undefined) },
    fine: { "without variables": both(set("work", "kmsKeyArn", undefined), set("work", "environment", undefined)) },
  },
  "lambda-code-signing": {
    good: [lambda({ codeSigningConfigArn: "arn:aws:lambda:eu-west-1:1:code-signing-config:c" })],
    bad: { "without signing": set("work", "codeSigningConfigArn", undefined) },
  },
  "lambda-function-url": {
    good: [resource("aws:lambda/functionUrl:FunctionUrl", "url", { authorizationType: "AWS_IAM" })],
    bad: { "without authorisation": set("url", "authorizationType", "NONE") },
  },
};

/** Fixture of the rule about types that no rule knows. */
export const types: Record<string, Fixture> = {
  "unknown-type": {
    good: [lambda()],
    bad: {
      "with a database": plus(resource("aws:rds/instance:Instance", "database")),
      "with a secret": plus(resource("aws:secretsmanager/secretVersion:SecretVersion", "secret")),
      "with the key of a user": plus(resource("aws:iam/accessKey:AccessKey", "key")),
    },
    fine: { "with an alarm": plus(resource("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm")) },
  },
};
