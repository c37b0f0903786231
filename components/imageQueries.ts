import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createRawImageGetProcess } from "../handlers/entries/rawImageGetProcess";
import { ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";

export interface ImageQueriesArgs {
  store: ImageStore;
  functions: FunctionDefaults;
}

/** Answers what is known of an image. */
export class ImageQueries extends pulumi.ComponentResource {
  /** `RawImageGetProcess`, a Lambda proxy for `GET /raw/{object}`. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: ImageQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageQueries", name, {}, opts);
    const { images, table } = args.store;

    const status = new ImageFunction(
      "RawImageGetProcess",
      {
        ...args.functions,
        handler: createRawImageGetProcess,
        environment: { IMAGES_BUCKET: images.bucket, IMAGE_METADATA_TABLE: table.name },
        grants: {
          // Not to read them itself: whoever has a presigned URL reads with the rights of this role.
          SnailImagesBucketGetPolicy: [{ actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/*` }],
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:Query"], on: table.arn }],
        },
        memoryMiB: 512,
        // API Gateway waits no longer.
        timeoutSeconds: 29,
      },
      { parent: this },
    );

    this.function = status.function;
    this.registerOutputs({ function: this.function.arn });
  }
}
