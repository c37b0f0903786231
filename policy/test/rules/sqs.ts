import { both, plus, policy, resource, set, without, type Fixture } from "../fixture";

const arn = "arn:aws:sqs:eu-west-1:111111111111:work";
const url = "https://sqs.eu-west-1.amazonaws.com/111111111111/work";
const deadArn = `${arn}-dead`;
const redrivePolicy = { deadLetterTargetArn: deadArn, maxReceiveCount: 10 };
const queue = (inputs: Record<string, unknown> = {}) =>
  resource("aws:sqs/queue:Queue", "work", inputs, { outputs: { arn, url } });
const dead = resource("aws:sqs/queue:Queue", "dead", {}, { outputs: { arn: deadArn, url: `${url}-dead` } });
const redriven = queue({ redrivePolicy: JSON.stringify(redrivePolicy) });

const queuePolicy = (...statements: unknown[]) =>
  resource("aws:sqs/queuePolicy:QueuePolicy", "policy", { queueUrl: url, policy: policy(...statements) });
const withPolicy = (...statements: unknown[]) => set("policy", "policy", policy(...statements));
const tls = {
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: arn,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const fromS3 = {
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: arn,
  Condition: {
    ArnEquals: { "aws:SourceArn": "arn:aws:s3:::photos" },
    StringEquals: { "aws:SourceAccount": "111111111111" },
  },
};
const keyArn = "arn:aws:kms:eu-west-1:111111111111:key/k";
const keyPolicy = (...actions: string[]) =>
  policy({ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: actions, Resource: "*" });

/** Fixtures of the rules about queues, by the rule's name. */
export const sqs: Record<string, Fixture> = {
  "sqs-encryption": {
    good: [queue({ sqsManagedSseEnabled: true })],
    bad: {
      "with encryption off": set("work", "sqsManagedSseEnabled", false),
      "with nothing about it": set("work", "sqsManagedSseEnabled", undefined),
    },
    fine: { "with a key": both(set("work", "sqsManagedSseEnabled", undefined), set("work", "kmsMasterKeyId", keyArn)) },
  },
  "sqs-customer-key": {
    good: [queue({ kmsMasterKeyId: keyArn })],
    bad: {
      "without a key": set("work", "kmsMasterKeyId", undefined),
      "with the key that AWS manages": set("work", "kmsMasterKeyId", "alias/aws/sqs"),
    },
  },
  "sqs-key-admits-s3": {
    good: [
      queue({ kmsMasterKeyId: keyArn }),
      resource("aws:s3/bucket:Bucket", "photos", { bucket: "photos" }),
      resource("aws:s3/bucketNotification:BucketNotification", "notification", {
        bucket: "photos",
        queues: [{ queueArn: arn }],
      }),
      resource(
        "aws:kms/key:Key",
        "key",
        { policy: keyPolicy("kms:GenerateDataKey", "kms:Decrypt") },
        { outputs: { arn: keyArn } },
      ),
    ],
    bad: {
      "with a key that S3 may not use": set("key", "policy", policy()),
      "with a key with which S3 may not decrypt": set("key", "policy", keyPolicy("kms:GenerateDataKey*")),
      "with the key that AWS manages": set("work", "kmsMasterKeyId", "alias/aws/sqs"),
    },
    fine: { "without a notification": without("notification") },
  },
  "sqs-deny-without-tls": {
    good: [queue(), queuePolicy(tls)],
    bad: {
      "without a policy": without("policy"),
      "for another queue": withPolicy({ ...tls, Resource: deadArn }),
      "for sending alone": withPolicy({ ...tls, Action: "sqs:SendMessage" }),
      "without the condition's value": withPolicy({ ...tls, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    },
    fine: { "in the queue's own policy": both(without("policy"), set("work", "policy", policy(tls))) },
  },
  "sqs-no-public-principal": {
    good: [queuePolicy(tls, fromS3)],
    bad: {
      "with principal *": withPolicy({ ...fromS3, Principal: "*" }),
      "with principal * in a list": withPolicy({ ...fromS3, Principal: { AWS: ["*"] } }),
    },
  },
  "sqs-no-action-wildcard": {
    good: [queuePolicy(tls, fromS3)],
    bad: {
      "with sqs:*": withPolicy({ ...fromS3, Action: "sqs:*" }),
      "with one of many actions by a wildcard": withPolicy({ ...fromS3, Action: ["sqs:SendMessage", "sqs:Receive*"] }),
      "with all actions but one": withPolicy({ ...fromS3, Action: undefined, NotAction: "sqs:DeleteQueue" }),
    },
  },
  "sqs-s3-source": {
    good: [queuePolicy(fromS3)],
    bad: {
      "without conditions": withPolicy({ ...fromS3, Condition: undefined }),
      "without the bucket": withPolicy({ ...fromS3, Condition: { StringEquals: fromS3.Condition.StringEquals } }),
      "without the account": withPolicy({ ...fromS3, Condition: { ArnEquals: fromS3.Condition.ArnEquals } }),
      "with any bucket": withPolicy({
        ...fromS3,
        Condition: { ...fromS3.Condition, ArnEquals: { "aws:SourceArn": "arn:aws:s3:::*" } },
      }),
      "with every bucket but one": withPolicy({
        ...fromS3,
        Condition: { StringEquals: fromS3.Condition.StringEquals, ArnNotEquals: fromS3.Condition.ArnEquals },
      }),
    },
  },
  "sqs-redrive": {
    good: [redriven, dead],
    bad: {
      "without a redrive policy": set("work", "redrivePolicy", undefined),
      "without a dead-letter queue": set("work", "redrivePolicy", JSON.stringify({ maxReceiveCount: 10 })),
      "with one more queue": plus(resource("aws:sqs/queue:Queue", "more")),
    },
    fine: {
      "in a resource of its own": both(
        set("work", "redrivePolicy", undefined),
        plus(resource("aws:sqs/redrivePolicy:RedrivePolicy", "redrive", { queueUrl: url, redrivePolicy })),
      ),
    },
  },
  "sqs-receive-count": {
    good: [queue({ redrivePolicy: { ...redrivePolicy, maxReceiveCount: 5 } }), dead],
    bad: {
      "with 4 tries": set("work", "redrivePolicy.maxReceiveCount", 4),
      "without a number": set("work", "redrivePolicy.maxReceiveCount", undefined),
    },
  },
  "sqs-receive-count-advised": {
    good: [redriven, dead],
    bad: { "with 9 tries": set("work", "redrivePolicy", { ...redrivePolicy, maxReceiveCount: 9 }) },
  },
  "sqs-redrive-allow": {
    good: [
      redriven,
      dead,
      resource("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "allow", {
        queueUrl: `${url}-dead`,
        redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arn] }),
      }),
    ],
    bad: {
      "without the list": without("allow"),
      "with all queues": set("allow", "redriveAllowPolicy", JSON.stringify({ redrivePermission: "allowAll" })),
    },
  },
};
