import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { PrivateBucket } from "./privateBucket";

export interface ImageStoreArgs {
  /** Buckets and table are protected, and a deployment never empties them. */
  keepData: boolean;
}

/** Where uploads land, where images live, and what is known of them. */
export class ImageStore extends pulumi.ComponentResource {
  /** Versioned; uploads land under `images/`. */
  readonly tempImages: PrivateBucket;
  /** Originals and renditions, each under a key that is never written twice. */
  readonly images: PrivateBucket;
  readonly table: aws.dynamodb.Table;

  constructor(name: string, { keepData }: ImageStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageStore", name, {}, opts);
    const child = { parent: this };
    const stack = pulumi.getStack();

    this.tempImages = new PrivateBucket(
      `snail-temp-images-${stack}`,
      {
        keepData,
        versioned: true,
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
    // Not versioned: objects are never changed, and what is deleted must leave no version behind.
    this.images = new PrivateBucket(
      `snail-images-${stack}`,
      {
        keepData,
        versioned: false,
        lifecycleRules: [
          {
            id: "clean-up",
            status: "Enabled",
            filter: { prefix: "" },
            // Should somebody turn versioning on, deleted images go all the same.
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      child,
    );
    this.table = new aws.dynamodb.Table(
      "ImageMetadata",
      {
        attributes: [
          { name: "original", type: "S" },
          { name: "imageType", type: "S" },
        ],
        hashKey: "original",
        rangeKey: "imageType",
        billingMode: "PAY_PER_REQUEST",
        deletionProtectionEnabled: keepData,
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        ttl: { attributeName: "expiresAt", enabled: true },
      },
      { ...child, protect: keepData },
    );

    this.registerOutputs({ tempImages: this.tempImages.bucket, images: this.images.bucket, table: this.table.name });
  }
}

/**
 * An upload must outlive its message: up to 14 days until the message leaves the dead-letter queue, and, when it was
 * moved back on its last day, 14 more.
 */
const UPLOAD_DAYS = 30;
