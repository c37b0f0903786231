import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { tlsOnly } from "./grants";

export interface PrivateBucketArgs {
  /** Protects the bucket, and never empties it. Without it `destroy` deletes all its objects. */
  keepData: boolean;
  /** Keeps every version of an object until that version is deleted. */
  versioned: boolean;
  /** Rules by which S3 deletes objects, versions and unfinished uploads. Times in days. */
  lifecycleRules: aws.types.input.s3.BucketLifecycleConfigurationRule[];
  /** Which pages may use it from a browser, and how. Default: none. */
  corsRules?: aws.types.input.s3.BucketCorsConfigurationCorsRule[];
  /** Statements of its policy that let in services, which may name resources that are made for the bucket. Default: none. */
  statements?: (bucket: aws.s3.Bucket) => object[];
}

/**
 * A bucket that only roles of its own account, and services that its statements let in, can reach, over TLS, encrypted, without ACLs.
 *
 * @example
 * ```ts
 * new PrivateBucket("photos", {
 *   keepData: true,
 *   versioned: false,
 *   lifecycleRules: [
 *     { id: "clean-up", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
 *   ],
 * });
 * ```
 */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Its physical name. */
  readonly bucket: pulumi.Output<string>;
  /** Only of a versioned bucket: an object that is written before this is in effect has no version. */
  readonly versioning?: aws.s3.BucketVersioning;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:PrivateBucket", name, {}, opts);
    const child = { parent: this };
    const { keepData, versioned, lifecycleRules, corsRules = [], statements = () => [] } = args;

    const bucket = new aws.s3.Bucket(name, { forceDestroy: !keepData }, { ...child, protect: keepData });
    if (versioned) {
      this.versioning = new aws.s3.BucketVersioning(
        `${name}-versioning`,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        child,
      );
    }
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.bucket, rules: lifecycleRules },
      // S3 applies rules for noncurrent versions only to a bucket that is versioned already.
      { ...child, dependsOn: this.versioning ?? [] },
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      child,
    );
    if (corsRules.length > 0) {
      new aws.s3.BucketCorsConfiguration(`${name}-cors`, { bucket: bucket.bucket, corsRules }, child);
    }
    const publicAccessBlock = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      child,
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [tlsOnly("s3:*", [bucket.arn, pulumi.interpolate`${bucket.arn}/*`]), ...statements(bucket)],
        }),
      },
      // S3 refuses two changes of a bucket's access at the same time.
      { ...child, dependsOn: publicAccessBlock },
    );

    this.arn = bucket.arn;
    this.bucket = bucket.bucket;
    this.registerOutputs({ arn: this.arn, bucket: this.bucket });
  }
}
