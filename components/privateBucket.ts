import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { tlsOnly } from "./grants";

export interface PrivateBucketArgs {
  /** The bucket is protected, and a deployment never empties it. */
  keepData: boolean;
  /** Keeps every version of an object until it is deleted for good. */
  versioned: boolean;
  lifecycleRules: aws.types.input.s3.BucketLifecycleConfigurationRule[];
}

/** A bucket that only its own account's roles can reach, over TLS, encrypted, without ACLs. */
export class PrivateBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:PrivateBucket", name, {}, opts);
    const child = { parent: this };
    const { keepData, versioned, lifecycleRules } = args;

    const bucket = new aws.s3.Bucket(name, { forceDestroy: !keepData }, { ...child, protect: keepData });
    const versioning = versioned
      ? [
          new aws.s3.BucketVersioning(
            `${name}-versioning`,
            { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
            child,
          ),
        ]
      : [];
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.bucket, rules: lifecycleRules },
      // S3 applies rules for noncurrent versions only to a bucket that is versioned already.
      { ...child, dependsOn: versioning },
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
          Statement: [tlsOnly("s3:*", [bucket.arn, pulumi.interpolate`${bucket.arn}/*`])],
        }),
      },
      // S3 refuses two changes of a bucket's access at once.
      { ...child, dependsOn: publicAccessBlock },
    );

    this.arn = bucket.arn;
    this.bucket = bucket.bucket;
    this.registerOutputs({ arn: this.arn, bucket: this.bucket });
  }
}
