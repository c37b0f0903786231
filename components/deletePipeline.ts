import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createRawImageDeleteProcess } from "../handlers/entries/rawImageDeleteProcess";
import {
  createResolutionBasedImageDeleteProcess,
  createResolutionBasedImageDeleteProcessForDelivery,
} from "../handlers/entries/resolutionBasedImageDeleteProcess";
import { originsEnvironment, type AllowedOrigins } from "./allowedOrigins";
import { childNames, type ChildNames } from "./childNames";
import { API_TIMEOUT_SECONDS, ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";
import { QueueFunction } from "./queueFunction";

export interface DeletePipelineArgs extends ChildNames, AllowedOrigins {
  /** Images are deleted from it. */
  store: ImageStore;
  /** How many batches the function works on at the same time: 2 to 1000. */
  maximumConcurrency: Record<"ResolutionBasedImageDeleteProcess", number>;
  /** Protects the queues. Default: false. */
  keepData?: boolean;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Deletes images on request, and cleans up superseded generations.
 *
 * @example
 * ```ts
 * const deletions = new DeletePipeline("deletions", {
 *   store: new ImageStore("store", { keepData: true }),
 *   maximumConcurrency: { ResolutionBasedImageDeleteProcess: 2 },
 *   functions,
 * });
 * ```
 */
export class DeletePipeline extends pulumi.ComponentResource {
  /** `DeleteResolutionBasedImageQueue`: holds a message for each set of generations that is to be deleted. */
  readonly queue: aws.sqs.Queue;
  /** Holds deletions that failed for good. */
  readonly deadLetterQueue: aws.sqs.Queue;
  /** `RawImageDeleteProcess`, a Lambda proxy for `DELETE /raw/{object}`. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: DeletePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:DeletePipeline", name, {}, opts);
    const child = { parent: this };
    const named = childNames(name, args);
    const { tempImages, images, table, delivery } = args.store;
    const metadata = [
      { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"] satisfies [string, string], on: table.arn },
    ];

    const deletions = new QueueFunction(
      named("DeleteResolutionBasedImageQueue"),
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: named("ResolutionBasedImageDeleteProcess"),
        handler: delivery
          ? createResolutionBasedImageDeleteProcessForDelivery
          : createResolutionBasedImageDeleteProcess,
        environment: {
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          ...(delivery && { DISTRIBUTION_ID: delivery.distribution.id }),
        },
        grants: {
          ...(delivery && {
            ImageDeliveryInvalidatePolicy: [
              { actions: ["cloudfront:CreateInvalidation"] satisfies [string], on: delivery.distribution.arn },
            ],
          }),
          // Originals and renditions, also of image types that are not configured any more.
          SnailImagesBucketDeletePolicy: [
            { actions: ["s3:DeleteObject"], on: pulumi.interpolate`${images.arn}/*` },
            // Finds what was stored of an upload that was not recorded.
            { actions: ["s3:ListBucket"], on: images.arn, condition: { StringLike: { "s3:prefix": "raw/*" } } },
          ],
          ImageMetadataDynamoDBBasicPolicy: metadata,
        },
        memoryMiB: 256,
        batchSize: 10,
        timeoutSeconds: 60,
        maximumConcurrency: args.maximumConcurrency.ResolutionBasedImageDeleteProcess,
      },
      child,
    );

    const deletes = new ImageFunction(
      named("RawImageDeleteProcess"),
      {
        ...args.functions,
        handler: createRawImageDeleteProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: deletions.queue.url,
          ...originsEnvironment(args),
        },
        grants: {
          SnailTempImagesGetAndDeletePolicy: [
            { actions: ["s3:DeleteObjectVersion"], on: pulumi.interpolate`${tempImages.arn}/images/*` },
            {
              actions: ["s3:ListBucketVersions"],
              on: tempImages.arn,
              condition: { StringLike: { "s3:prefix": "images/*" } },
            },
          ],
          SnailImagesBucketDeletePolicy: [
            { actions: ["s3:DeleteObject"], on: pulumi.interpolate`${images.arn}/raw/*` },
          ],
          ImageMetadataDynamoDBBasicPolicy: metadata,
          SendDeleteResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: deletions.queue.arn }],
        },
        memoryMiB: 512,
        timeoutSeconds: API_TIMEOUT_SECONDS,
      },
      child,
    );

    this.queue = deletions.queue;
    this.deadLetterQueue = deletions.deadLetterQueue;
    this.function = deletes.function;
    this.registerOutputs({ queueUrl: this.queue.url, function: this.function.arn });
  }
}
