import { both, options, plus, policy, resource, set, without, type Fixture } from "../fixture";

const arn = "arn:aws:s3:::photos";
const bucket = resource("aws:s3/bucket:Bucket", "photos", { bucket: "photos" }, { outputs: { arn } });
const attached = { bucket: "photos" };

const publicAccessBlock = resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
  ...attached,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
const bucketPolicy = (...statements: unknown[]) =>
  resource("aws:s3/bucketPolicy:BucketPolicy", "policy", { ...attached, policy: policy(...statements) });
const read = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111111111111:role/reader" },
  Action: "s3:GetObject",
  Resource: `${arn}/*`,
};
const tls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const withPolicy = (...statements: unknown[]) => set("policy", "policy", policy(...statements));
const known = resource("aws:sqs/queue:Queue", "q", {}, { outputs: { arn: "arn:aws:sqs:eu-west-1:111111111111:q" } });

const encryption = (rule: Record<string, unknown>) =>
  resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
    ...attached,
    rules: [rule],
  });
const kms = {
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:eu-west-1:1:key/k" },
  bucketKeyEnabled: true,
};
const lifecycle = (rule: Record<string, unknown>) =>
  resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle", {
    ...attached,
    rules: [{ id: "all", status: "Enabled", filter: { prefix: "" }, ...rule }],
  });
const versioning = resource("aws:s3/bucketVersioning:BucketVersioning", "versioning", {
  ...attached,
  versioningConfiguration: { status: "Enabled" },
});

const queue = (name: string, inputs: Record<string, unknown>) =>
  resource("aws:sqs/queue:Queue", name, inputs, { outputs: { arn: `arn:aws:sqs:eu-west-1:111111111111:${name}` } });

/** Fixtures of the rules about buckets, by the rule's name. */
export const s3: Record<string, Fixture> = {
  "s3-public-access-block": {
    good: [bucket, publicAccessBlock],
    bad: {
      "without a block": without("block"),
      "with the block of another bucket": set("block", "bucket", "other"),
      "with public ACLs not blocked": set("block", "blockPublicAcls", false),
      "with public policies not blocked": set("block", "blockPublicPolicy", false),
      "with public ACLs not ignored": set("block", "ignorePublicAcls", false),
      "with public buckets not restricted": set("block", "restrictPublicBuckets", undefined),
    },
  },
  "s3-ownership": {
    good: [
      bucket,
      resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "ownership", {
        ...attached,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      }),
    ],
    bad: {
      "without controls": without("ownership"),
      "with objects of their writers": set("ownership", "rule.objectOwnership", "ObjectWriter"),
      "with an ACL": plus(resource("aws:s3/bucketAcl:BucketAcl", "acl", { ...attached, acl: "private" })),
      "with an ACL of its own": set("photos", "acl", "public-read"),
    },
    fine: {
      "with an ACL that the provider filled in": both(
        set("photos", "acl", "private"),
        set("photos", "__defaults", ["acl"]),
      ),
    },
  },
  "s3-no-public-principal": {
    good: [bucketPolicy(tls, read)],
    bad: {
      "with principal *": withPolicy({ ...read, Principal: "*" }),
      "with every AWS account": withPolicy({ ...read, Principal: { AWS: "*" } }),
      "with every AWS account in a list": withPolicy({ ...read, Principal: { AWS: ["*"] } }),
      "with everyone but some": withPolicy({ ...read, Principal: undefined, NotPrincipal: { AWS: "1" } }),
      "with a policy as object": set("policy", "policy", { Statement: { ...read, Principal: "*" } }),
      "with a public policy in the bucket itself": plus(
        resource("aws:s3/bucket:Bucket", "other", { policy: policy({ ...read, Principal: "*" }) }),
      ),
    },
  },
  "s3-deny-without-tls": {
    good: [bucket, bucketPolicy(tls)],
    bad: {
      "without a policy": without("policy"),
      "for the bucket alone": withPolicy({ ...tls, Resource: arn }),
      "for objects alone": withPolicy({ ...tls, Resource: `${arn}/*` }),
      "for reading alone": withPolicy({ ...tls, Action: "s3:GetObject" }),
      "for one role alone": withPolicy({ ...tls, Principal: read.Principal }),
      "where TLS is used": withPolicy({ ...tls, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      "allowing in place of denying": withPolicy({ ...tls, Effect: "Allow" }),
      "with one more condition": withPolicy({
        ...tls,
        Condition: { ...tls.Condition, StringEquals: { "aws:SourceVpc": "vpc-1" } },
      }),
    },
    fine: {
      "in two statements": withPolicy({ ...tls, Resource: arn }, { ...tls, Resource: [`${arn}/*`] }),
      "in the bucket's own policy": both(without("policy"), set("photos", "policy", policy(tls))),
    },
  },
  "s3-no-foreign-account": {
    good: [known, bucket, bucketPolicy(read)],
    bad: {
      "with a role of another account": withPolicy({ ...read, Principal: { AWS: "arn:aws:iam::222222222222:role/r" } }),
      "with another account": withPolicy({ ...read, Principal: { AWS: ["222222222222"] } }),
      "with a user by canonical id": withPolicy({ ...read, Principal: { CanonicalUser: "79a59df900b949e5" } }),
    },
    fine: {
      "with another account under a condition": withPolicy({
        ...read,
        Principal: { AWS: "222222222222" },
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      }),
    },
  },
  "s3-encryption": {
    good: [bucket, encryption({ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } })],
    bad: {
      "without a configuration": without("encryption"),
      "without an algorithm": set("encryption", "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", undefined),
    },
    fine: {
      "in the bucket itself": both(
        without("encryption"),
        set("photos", "serverSideEncryptionConfiguration", {
          rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        }),
      ),
    },
  },
  "s3-customer-key": {
    good: [bucket, encryption(kms)],
    bad: {
      "with S3's keys": set("encryption", "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"),
      "with the key that AWS manages": set(
        "encryption",
        "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
        undefined,
      ),
    },
  },
  "s3-bucket-key": {
    good: [bucket, encryption(kms)],
    bad: {
      "with the bucket key off": set("encryption", "rules.0.bucketKeyEnabled", false),
      "with nothing about it": set("encryption", "rules.0.bucketKeyEnabled", undefined),
    },
  },
  "s3-versioning": {
    good: [bucket, versioning],
    bad: {
      "without versioning": without("versioning"),
      "with versioning suspended": set("versioning", "versioningConfiguration.status", "Suspended"),
    },
    fine: { "in the bucket itself": both(without("versioning"), set("photos", "versioning", { enabled: true })) },
  },
  "s3-lifecycle": {
    good: [bucket, lifecycle({ noncurrentVersionExpiration: { noncurrentDays: 30 } })],
    bad: {
      "without a lifecycle": without("lifecycle"),
      "without expiry of noncurrent versions": set("lifecycle", "rules.0.noncurrentVersionExpiration", undefined),
      "with its rule disabled": set("lifecycle", "rules.0.status", "Disabled"),
      "for a part of the objects": set("lifecycle", "rules.0.filter.prefix", "images/"),
    },
    fine: {
      "in the bucket itself": both(
        without("lifecycle"),
        set("photos", "lifecycleRules", [{ enabled: true, noncurrentVersionExpiration: { days: 30 } }]),
      ),
    },
  },
  "s3-abort-uploads": {
    good: [bucket, lifecycle({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } })],
    bad: {
      "without a lifecycle": without("lifecycle"),
      "without an end of uploads": set("lifecycle", "rules.0.abortIncompleteMultipartUpload", undefined),
      "after 8 days": set("lifecycle", "rules.0.abortIncompleteMultipartUpload.daysAfterInitiation", 8),
    },
  },
  "s3-outlives-dead-letters": {
    good: [
      bucket,
      lifecycle({ expiration: { days: 14 }, noncurrentVersionExpiration: { noncurrentDays: 14 } }),
      resource("aws:s3/bucketNotification:BucketNotification", "notification", {
        ...attached,
        queues: [{ queueArn: "arn:aws:sqs:eu-west-1:111111111111:uploads", events: ["s3:ObjectCreated:*"] }],
      }),
      queue("uploads", { redrivePolicy: { deadLetterTargetArn: "arn:aws:sqs:eu-west-1:111111111111:dead" } }),
      queue("dead", { messageRetentionSeconds: 1_209_600 }),
    ],
    bad: {
      "with objects that expire before": set("lifecycle", "rules.0.expiration.days", 13),
      "with versions that expire before": set("lifecycle", "rules.0.noncurrentVersionExpiration.noncurrentDays", 1),
    },
  },
  "s3-access-logging": {
    good: [bucket, resource("aws:s3/bucketLogging:BucketLogging", "log", { ...attached, targetBucket: "logs" })],
    bad: { "without a log": without("log") },
    fine: { "for a bucket of logs": set("log", "targetBucket", "photos") },
  },
  "s3-no-force-destroy": {
    good: [{ ...bucket, protect: true }],
    bad: { "that is emptied first": set("photos", "forceDestroy", true) },
    fine: {
      "of a stack that may go": both(options("photos", { protect: false }), set("photos", "forceDestroy", true)),
    },
  },
  "s3-cors-origins": {
    good: [
      resource("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "cors", {
        ...attached,
        corsRules: [{ allowedMethods: ["PUT"], allowedOrigins: ["https://example.com"] }],
      }),
    ],
    bad: {
      "with every origin": set("cors", "corsRules.0.allowedOrigins", ["*"]),
      "with every host of a domain, for writes": set("cors", "corsRules.0.allowedOrigins.0", "https://*.example.com"),
      "with every origin in the bucket itself": plus(
        resource("aws:s3/bucket:Bucket", "other", {
          corsRules: [{ allowedMethods: ["GET"], allowedOrigins: ["*"] }],
        }),
      ),
    },
  },
};
