import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { corsRules, type AllowedOrigins } from "./allowedOrigins";
import { childNames, type ChildNames } from "./childNames";
import { ImageDelivery, type Delivery } from "./imageDelivery";
import { PrivateBucket } from "./privateBucket";

export interface ImageStoreArgs extends ChildNames, AllowedOrigins {
  /** Protects buckets and table, and never empties a bucket. Without it `destroy` takes them with everything in them. */
  keepData: boolean;
  /** Serves renditions through CloudFront. Default: there is no distribution. */
  delivery?: Delivery;
}

/**
 * A bucket for uploads, a bucket for originals and renditions, and a table of their metadata.
 *
 * @example
 * ```ts
 * const store = new ImageStore("store", { keepData: true });
 * ```
 */
export class ImageStore extends pulumi.ComponentResource {
  /** Versioned; uploads land under `images/`. */
  readonly tempImages: PrivateBucket;
  /** Originals and renditions, each under a key that is never written twice. */
  readonly images: PrivateBucket;
  /** Serves the renditions, where they are not read by presigned URLs. */
  readonly delivery?: ImageDelivery;
  /** One item for each image: partition key `original` (the image's name), sort key `imageType`, which is `raw`. */
  readonly table: aws.dynamodb.Table;
  /** Physical names, as the stack's outputs tell them. */
  readonly names: Record<"tempImagesBucket" | "imagesBucket" | "imageMetadataTable", pulumi.Output<string>>;
  /** Name of the table's index of names by the status that lists show, oldest first. */
  readonly listIndex = "byStatusShard";

  constructor(name: string, args: ImageStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageStore", name, {}, opts);
    const child = { parent: this };
    const { keepData, delivery, allowedOrigins } = args;
    const named = childNames(name, args);
    const stack = pulumi.getStack();

    this.tempImages = new PrivateBucket(
      named(`snail-temp-images-${stack}`),
      {
        keepData,
        versioned: true,
        corsRules: corsRules(args, ["POST", "PUT"]),
        lifecycleRules: [
          {
            id: "expire-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: UPLOAD_DAYS },
            noncurrentVersionExpiration: { noncurrentDays: UPLOAD_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          {
            id: "expire-delete-markers",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      child,
    );
    let delivers: ImageDelivery | undefined;
    // Not versioned: objects are never changed, and a deletion must leave no version behind.
    this.images = new PrivateBucket(
      named(`snail-images-${stack}`),
      {
        keepData,
        versioned: false,
        corsRules: corsRules(args, ["GET", "HEAD"]),
        statements: (bucket) => {
          if (delivery === undefined) return [];
          delivers = new ImageDelivery(named("ImageDelivery"), { ...delivery, allowedOrigins, bucket }, child);
          return delivers.bucketStatements;
        },
        lifecycleRules: [
          {
            id: "clean-up",
            status: "Enabled",
            filter: { prefix: "" },
            // Takes effect only if versioning is turned on by hand: deleted images go all the same.
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      child,
    );
    this.delivery = delivers;
    this.table = new aws.dynamodb.Table(
      named("ImageMetadata"),
      {
        attributes: [
          { name: "original", type: "S" },
          { name: "imageType", type: "S" },
          { name: "statusShard", type: "S" },
          { name: "listPosition", type: "S" },
        ],
        hashKey: "original",
        rangeKey: "imageType",
        // Records alone have these attributes: the sweep's position is not in it, nor is a name that is DELETED.
        globalSecondaryIndexes: [
          {
            name: this.listIndex,
            hashKey: "statusShard",
            rangeKey: "listPosition",
            projectionType: "INCLUDE",
            nonKeyAttributes: listedAttributes,
          },
        ],
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: keepData,
        pointInTimeRecovery: { enabled: true },
        // With the account's own AWS-managed key, whose uses CloudTrail records, not with one that AWS owns.
        serverSideEncryption: { enabled: true },
        ttl: { attributeName: "expiresAt", enabled: true },
        // ImageEvents announces what it tells.
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
      },
      { ...child, protect: keepData },
    );

    this.names = {
      tempImagesBucket: this.tempImages.bucket,
      imagesBucket: this.images.bucket,
      imageMetadataTable: this.table.name,
    };
    this.registerOutputs(this.names);
  }
}

/**
 * An upload must outlive its message, which stays in the dead-letter queue for up to 14 days and, after a redrive on its
 * last day, for up to 14 more.
 */
const UPLOAD_DAYS = 30;

/**
 * The attributes of a record that a list tells, or of which its status follows. All attributes would make a write of the
 * index as large as the record; these fit into one unit (1 KB) with a live generation left out. An index takes 20 at most.
 */
const listedAttributes = [
  ...["id", "status", "live", "generation", "format", "bytes", "width", "height", "createdAt", "updatedAt"],
  ...["uploadedAt", "reason", "sequencer", "rejectedSequencer", "rejectedReason", "metadata", "focus"],
  ...["placeholder", "dominantColour"],
];
