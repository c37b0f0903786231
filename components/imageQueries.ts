import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createRawImageGetProcess } from "../handlers/entries/rawImageGetProcess";
import { originsEnvironment, type AllowedOrigins } from "./allowedOrigins";
import { childNames, type ChildNames } from "./childNames";
import { API_TIMEOUT_SECONDS, ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";

export interface ImageQueriesArgs extends ChildNames, AllowedOrigins {
  /** Images and their metadata are read from it. */
  store: ImageStore;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Answers questions about images: their status, and URLs of their renditions.
 *
 * @example
 * ```ts
 * const queries = new ImageQueries("queries", { store: new ImageStore("store", { keepData: true }), functions });
 * ```
 */
export class ImageQueries extends pulumi.ComponentResource {
  /** `RawImageGetProcess`, a Lambda proxy for `GET /raw/{object}`. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: ImageQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageQueries", name, {}, opts);
    const { tempImages, images, table } = args.store;

    const status = new ImageFunction(
      childNames(name, args)("RawImageGetProcess"),
      {
        ...args.functions,
        handler: createRawImageGetProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          ...originsEnvironment(args),
        },
        grants: {
          // Tells whether an upload waits. It reads none.
          SnailTempImagesListPolicy: [
            {
              actions: ["s3:ListBucketVersions"],
              on: tempImages.arn,
              condition: { StringLike: { "s3:prefix": "images/*" } },
            },
          ],
          // The function reads no image itself: a presigned URL carries the rights of the role that signed it.
          // Renditions of every image type, also of those that are not configured any more; no original.
          SnailImagesBucketGetPolicy: [
            { actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/*` },
            { effect: "Deny", actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/raw/*` },
          ],
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:GetItem"], on: table.arn }],
        },
        memoryMiB: 512,
        timeoutSeconds: API_TIMEOUT_SECONDS,
      },
      { parent: this },
    );

    this.function = status.function;
    this.registerOutputs({ function: this.function.arn });
  }
}
