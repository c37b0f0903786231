import { BUCKET } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { part, parts, read, readFlag, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

const CONFIGURATION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

/** The encryption rules of a bucket: of its configuration, or written in the bucket itself. */
function encryptionRules(graph: Graph, bucket: Resource): Resource[] {
  const inline = part(bucket, "serverSideEncryptionConfiguration");
  return [
    ...parts(inline, "rule"),
    ...graph.referrers(bucket, CONFIGURATION, "bucket").flatMap((configuration) => parts(configuration, "rules")),
  ];
}
const ALGORITHM = "applyServerSideEncryptionByDefault.sseAlgorithm";
const KEY_ID = "applyServerSideEncryptionByDefault.kmsMasterKeyId";

export const encryption = rule({
  name: "s3-encryption",
  group: "S3",
  ids: ["CKV_AWS_19", "CFN-W41"],
  level: "mandatory",
  title: "Every bucket declares the server-side encryption of its objects",
  reason: "Encryption that is declared cannot change unnoticed.",
  remedy: "Declare an aws.s3.BucketServerSideEncryptionConfiguration with an sseAlgorithm.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const rules = encryptionRules(graph, bucket);
    if (!rules.some((each) => readText(each, ALGORITHM) !== undefined))
      yield { property: "sseAlgorithm", allowed: "AES256, aws:kms or aws:kms:dsse" };
  },
});

export const customerKey = rule({
  name: "s3-customer-key",
  group: "S3",
  ids: ["S3.17", "CKV_AWS_145"],
  level: "advisory",
  title: "Every bucket is encrypted with a KMS key of the customer",
  reason: "Only the policy and the log of an own key show and limit who can read objects.",
  remedy: "Set sseAlgorithm aws:kms and kmsMasterKeyId, where the key is worth its price.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    const rules = encryptionRules(graph, bucket);
    if (!rules.some((each) => isKms(each) && read(each, KEY_ID) !== undefined))
      yield { property: "kmsMasterKeyId", allowed: "a KMS key, with sseAlgorithm aws:kms" };
  },
});

export const bucketKey = rule({
  name: "s3-bucket-key",
  group: "S3",
  ids: [],
  level: "mandatory",
  title: "Every bucket that is encrypted with KMS uses a bucket key",
  reason: "Without one, each object costs a call of KMS, and many at once are throttled.",
  remedy: "Set bucketKeyEnabled in the encryption rule.",
  types: [BUCKET],
  reads: "graph",
  *check(bucket, graph) {
    for (const each of encryptionRules(graph, bucket))
      // S3 has no bucket keys for aws:kms:dsse.
      if (readText(each, ALGORITHM) === "aws:kms" && !readFlag(each, "bucketKeyEnabled"))
        yield { property: "bucketKeyEnabled", value: read(each, "bucketKeyEnabled"), allowed: "true", on: each };
  },
});

const isKms = (encryption: Resource): boolean => (readText(encryption, ALGORITHM) ?? "").startsWith("aws:kms");
