import type { Declared, Inputs, ResourceType } from "../resourceType";
import type { S3Admin } from "./admin";
import type { DocumentSetting } from "./bucketSettings";
import type { QueueNotification } from "./notificationConfig";
import { documentOf } from "./resourceDocuments";

interface Services {
  s3: S3Admin;
}
type S3ResourceType = ResourceType<Services>;

/** Hosted zones of S3's website endpoints (endpoints and quotas of S3, s3.html in the general reference). */
const hostedZones: Record<string, string> = {
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
  "ca-central-1": "Z1QDHH18159H29",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-2": "Z3GKZC51ZF0DB4",
  "eu-west-3": "Z3R1K369G5AVDG",
  "ap-northeast-1": "Z2M4EHUR26P7ZW",
  "ap-south-1": "Z11RGJOFQNVJUP",
  "ap-southeast-1": "Z3O0J2DXBE1FTB",
  "ap-southeast-2": "Z1WCIGYICN2BYD",
  "sa-east-1": "Z7KQH4QJS55SO",
};

const bucketOf = ({ inputs }: Declared): string => String(inputs.bucket);

const bucket: S3ResourceType = {
  properties: ["bucket", "bucketPrefix", "forceDestroy", "region", "tags"],
  autoname: { property: "bucket", maxLength: 63, prefixProperty: "bucketPrefix" },
  replaceOn: ["bucket", "bucketPrefix", "region"],
  holdsData: true,
  defaults: { bucketPrefix: "", forceDestroy: false, objectLockEnabled: false, requestPayer: "BucketOwner" },
  outputs: ({ inputs, place }) => {
    const name = inputs.bucket as string;
    const region = (inputs.region as string | undefined) ?? place.region;
    return {
      id: name,
      arn: `arn:${place.partition}:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      bucketNamespace: "global",
      hostedZoneId: hostedZones[region] ?? "",
      region,
      bucketRegion: region,
    };
  },
  apply: ({ s3 }, resource) => {
    const tags = (resource.inputs.tags ?? {}) as Record<string, string>;
    const document = Object.keys(tags).length > 0 ? documentOf("Tagging", { tagSet: { tags } }) : undefined;
    s3.ensureBucket(bucketOf(resource));
    s3.configure(bucketOf(resource), "tagging", document);
  },
};

/** A resource that configures one bucket, and whose id is the bucket's name. */
const setting = (
  properties: readonly string[],
  defaults: Inputs,
  apply?: (s3: S3Admin, name: string, inputs: Inputs) => void,
): S3ResourceType => ({
  properties: ["bucket", "region", ...properties],
  replaceOn: ["bucket", "region", "expectedBucketOwner"],
  defaults,
  outputs: ({ inputs }) => ({ id: inputs.bucket as string }),
  ...(apply ? { apply: ({ s3 }: Services, resource: Declared) => apply(s3, bucketOf(resource), resource.inputs) } : {}),
});

/** A setting that S3 keeps as a document made of these properties. */
const documentSetting = (
  name: DocumentSetting,
  root: string,
  properties: readonly string[],
  defaults: Inputs = {},
  further: readonly string[] = [],
): S3ResourceType =>
  setting([...properties, ...further], defaults, (s3, bucketName, inputs) => {
    const content = properties.map((property) => [property, inputs[property] ?? defaults[property]] as const);
    s3.configure(bucketName, name, documentOf(root, Object.fromEntries(content)));
  });

const publicAccess = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

interface QueueInput {
  id?: string;
  queueArn: string;
  events: string[];
  filterPrefix?: string;
  filterSuffix?: string;
}

/** Ids that the program leaves out are counted, so that the same declaration gives the same configuration again. */
const toNotification = (queue: QueueInput, index: number): QueueNotification => ({
  id: queue.id ?? `declared-${index}`,
  queueArn: queue.queueArn,
  events: queue.events,
  prefix: queue.filterPrefix ?? "",
  suffix: queue.filterSuffix ?? "",
});

const toPolicyText = (policy: unknown): string => (typeof policy === "string" ? policy : JSON.stringify(policy));

/** Resource types of S3, by type token. */
export const s3ResourceTypes: Record<string, S3ResourceType> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": documentSetting(
    "publicAccessBlock",
    "PublicAccessBlockConfiguration",
    Object.keys(publicAccess),
    publicAccess,
    ["skipDestroy"],
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": documentSetting("ownershipControls", "OwnershipControls", [
    "rule",
  ]),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": documentSetting(
    "encryption",
    "ServerSideEncryptionConfiguration",
    ["rules"],
    {},
    ["expectedBucketOwner"],
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": documentSetting(
    "lifecycle",
    "LifecycleConfiguration",
    ["rules"],
    {},
    ["expectedBucketOwner", "timeouts", "transitionDefaultMinimumObjectSize"],
  ),
  "aws:s3/bucketVersioning:BucketVersioning": setting(
    ["versioningConfiguration", "expectedBucketOwner"],
    {},
    (s3, name, inputs) => {
      const { status } = inputs.versioningConfiguration as { status: string };
      // "Disabled" is the provider's word for a bucket that never had versioning.
      if (status === "Enabled" || status === "Suspended") s3.setVersioning(name, status);
    },
  ),
  "aws:s3/bucketPolicy:BucketPolicy": setting(["policy"], {}, (s3, name, inputs) =>
    s3.setPolicy(name, toPolicyText(inputs.policy)),
  ),
  "aws:s3/bucketNotification:BucketNotification": setting(["queues"], {}, (s3, name, inputs) =>
    s3.setNotifications(name, ((inputs.queues ?? []) as QueueInput[]).map(toNotification)),
  ),
  // Access logs change nothing here: requests are not logged to buckets.
  "aws:s3/bucketLogging:BucketLogging": setting(
    ["targetBucket", "targetPrefix", "targetGrants", "targetObjectKeyFormat", "expectedBucketOwner"],
    {},
  ),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": documentSetting(
    "cors",
    "CORSConfiguration",
    ["corsRules"],
    {},
    ["expectedBucketOwner"],
  ),
};
