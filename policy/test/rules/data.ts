import { both, plus, policy, resource, set, without, type Fixture } from "../fixture";

const table = (inputs: Record<string, unknown>) =>
  resource(
    "aws:dynamodb/table:Table",
    "table",
    { name: "table", ...inputs },
    {
      outputs: { arn: "arn:aws:dynamodb:eu-west-1:111111111111:table/table" },
    },
  );
const keyArn = "arn:aws:kms:eu-west-1:111111111111:key/k";
const key = (inputs: Record<string, unknown> = {}) => resource("aws:kms/key:Key", "key", inputs);
const ownAccount = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111111111111:root" },
  Action: "kms:*",
  Resource: "*",
};
const group = (inputs: Record<string, unknown>) =>
  resource("aws:cloudwatch/logGroup:LogGroup", "log", { name: "log", ...inputs });
const lambda = resource("aws:lambda/function:Function", "work", { name: "work", loggingConfig: { logGroup: "log" } });
const bus = (statement: Record<string, unknown>) =>
  policy({ Effect: "Allow", Action: "events:PutEvents", ...statement });

/** Fixtures of the rules about tables, keys, logs and event buses, by the rule's name. */
export const data: Record<string, Fixture> = {
  "dynamodb-point-in-time-recovery": {
    good: [table({ pointInTimeRecovery: { enabled: true } })],
    bad: {
      "with recovery off": set("table", "pointInTimeRecovery.enabled", false),
      "with nothing about it": set("table", "pointInTimeRecovery", undefined),
    },
  },
  "dynamodb-deletion-protection": {
    good: [{ ...table({ deletionProtectionEnabled: true }), protect: true }],
    bad: {
      "with protection off": set("table", "deletionProtectionEnabled", false),
      "with nothing about it": set("table", "deletionProtectionEnabled", undefined),
    },
  },
  "dynamodb-customer-key": {
    good: [table({ serverSideEncryption: { enabled: true, kmsKeyArn: keyArn } })],
    bad: { "with the key that AWS manages": set("table", "serverSideEncryption.kmsKeyArn", undefined) },
  },
  "dynamodb-capacity": {
    good: [table({ billingMode: "PAY_PER_REQUEST" })],
    bad: {
      "with fixed capacity": set("table", "billingMode", "PROVISIONED"),
      "with the default": set("table", "billingMode", undefined),
    },
    fine: {
      "with autoscaling": both(
        set("table", "billingMode", "PROVISIONED"),
        plus(resource("aws:appautoscaling/target:Target", "scaling", { resourceId: "table/table" })),
      ),
    },
  },
  "dynamodb-backup": {
    good: [
      table({}),
      resource("aws:backup/selection:Selection", "backup", {
        resources: ["arn:aws:dynamodb:eu-west-1:111111111111:table/table"],
      }),
    ],
    bad: {
      "without a backup": without("backup"),
      "with the backup of another table": set(
        "backup",
        "resources.0",
        "arn:aws:dynamodb:eu-west-1:111111111111:table/x",
      ),
    },
  },
  "kms-rotation": {
    good: [key({ enableKeyRotation: true })],
    bad: {
      "with rotation off": set("key", "enableKeyRotation", false),
      "with nothing about it": set("key", "enableKeyRotation", undefined),
    },
    fine: {
      "for signatures": both(
        set("key", "enableKeyRotation", undefined),
        set("key", "customerMasterKeySpec", "ECC_NIST_P256"),
      ),
    },
  },
  "kms-no-public-principal": {
    good: [key({ policy: policy(ownAccount) })],
    bad: {
      "with principal *": set("key", "policy", policy({ ...ownAccount, Principal: "*" })),
      "with a public policy of its own": plus(
        resource("aws:kms/keyPolicy:KeyPolicy", "policy", {
          policy: policy({ ...ownAccount, Principal: { AWS: "*" } }),
        }),
      ),
    },
  },
  "kms-deletion-window": {
    good: [key({ deletionWindowInDays: 30 })],
    bad: { "of a week": set("key", "deletionWindowInDays", 7) },
    fine: { "of the default": set("key", "deletionWindowInDays", undefined) },
  },
  "logs-group-per-function": {
    good: [lambda, group({ retentionInDays: 30 })],
    bad: {
      "without a group": without("log"),
      "with a group that keeps logs for ever": set("log", "retentionInDays", undefined),
      "with a group of another stack": set("work", "loggingConfig.logGroup", "other"),
      "with the default group, which is not declared": set("work", "loggingConfig", undefined),
    },
    fine: {
      "with the default group": both(
        set("work", "loggingConfig", undefined),
        plus(resource("aws:cloudwatch/logGroup:LogGroup", "default", { name: "/aws/lambda/work", retentionInDays: 7 })),
      ),
    },
  },
  "logs-retention": {
    good: [group({ retentionInDays: 1 })],
    bad: {
      "without a retention": set("log", "retentionInDays", undefined),
      "for ever": set("log", "retentionInDays", 0),
    },
  },
  "logs-customer-key": {
    good: [group({ kmsKeyId: keyArn })],
    bad: { "without a key": set("log", "kmsKeyId", undefined) },
  },
  "logs-a-year": {
    good: [group({ retentionInDays: 365 })],
    bad: { "for less": set("log", "retentionInDays", 180) },
    fine: { "for ever": set("log", "retentionInDays", 0) },
  },
  "eventbridge-no-public-principal": {
    good: [
      resource("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy", {
        policy: bus({ Principal: { AWS: "111111111111" } }),
      }),
    ],
    bad: { "with principal *": set("policy", "policy", bus({ Principal: "*" })) },
  },
  "eventbridge-permission": {
    good: [resource("aws:cloudwatch/eventPermission:EventPermission", "permission", { principal: "111111111111" })],
    bad: { "for everyone": set("permission", "principal", "*") },
    fine: {
      "for an organisation": both(
        set("permission", "principal", "*"),
        set("permission", "condition", { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-1" }),
      ),
    },
  },
};
