import { notImplemented } from "../http/awsError";

/** Operations of S3 that are not there, by subresource: what follows the verb of the method in the operation's name. */
const nouns: Record<"bucket" | "object", Record<string, string>> = {
  bucket: {
    abac: "BucketAbac",
    accelerate: "BucketAccelerateConfiguration",
    acl: "BucketAcl",
    analytics: "BucketAnalyticsConfiguration",
    "intelligent-tiering": "BucketIntelligentTieringConfiguration",
    inventory: "BucketInventoryConfiguration",
    logging: "BucketLogging",
    metadataConfiguration: "BucketMetadataConfiguration",
    metadataTable: "BucketMetadataTableConfiguration",
    metrics: "BucketMetricsConfiguration",
    "object-lock": "ObjectLockConfiguration",
    policyStatus: "BucketPolicyStatus",
    replication: "BucketReplication",
    requestPayment: "BucketRequestPayment",
    website: "BucketWebsite",
  },
  object: {
    acl: "ObjectAcl",
    encryption: "ObjectEncryption",
    "legal-hold": "ObjectLegalHold",
    retention: "ObjectRetention",
    torrent: "ObjectTorrent",
  },
};

/** Operations whose names do not follow the method. */
const named: Record<string, string> = {
  append: "append (directory buckets)",
  renameObject: "RenameObject",
  restore: "RestoreObject",
  select: "SelectObjectContent",
  session: "CreateSession",
};

/** Headers that ask for what is not there, whatever the operation. */
const otherHeaders: readonly (readonly [pattern: RegExp, feature: string])[] = [
  [/^x-amz-(copy-source-)?server-side-encryption-customer-/, "SSE-C (customer-provided keys)"],
  [/^x-amz-object-lock-/, "Object Lock"],
];

/** Refuses headers that would change what is stored, or how it is kept, and that nothing here reads. */
export function refuseOtherHeaders(headers: Record<string, string | undefined>): void {
  for (const [pattern, feature] of otherHeaders) {
    const name = Object.keys(headers).find((header) => pattern.test(header) && headers[header] !== undefined);
    if (name !== undefined) throw notImplemented(`${feature} (${name})`);
  }
  const locked = "x-amz-bucket-object-lock-enabled";
  if (headers[locked]?.toLowerCase() === "true") throw notImplemented(`Object Lock (${locked})`);
}

const verbs: Record<string, string> = { GET: "Get", HEAD: "Get", PUT: "Put", POST: "Post", DELETE: "Delete" };

/** The name of the operation that this subresource stands for, or undefined when it is none. */
export function otherSubresources(scope: string, method: string, subresource: string): string | undefined {
  if (Object.hasOwn(named, subresource)) return named[subresource];
  if (scope !== "bucket" && scope !== "object") return undefined;
  if (!Object.hasOwn(nouns[scope], subresource)) return undefined;
  return `${verbs[method] ?? method}${nouns[scope][subresource] ?? subresource}`;
}
