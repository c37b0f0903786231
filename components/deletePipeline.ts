import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createRawImageDeleteProcess } from "../handlers/entries/rawImageDeleteProcess";
import { createResolutionBasedImageDeleteProcess } from "../handlers/entries/resolutionBasedImageDeleteProcess";
import type { Alarms } from "./alarms";
import { ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";
import { QueueFunction } from "./queueFunction";

export interface DeletePipelineArgs {
  store: ImageStore;
  /** Invocations at the same time, 2 to 1000. */
  maximumConcurrency: Record<"ResolutionBasedImageDeleteProcess", number>;
  /** Queues are protected. Default: false. */
  keepData?: boolean;
  alarms: Pick<Alarms, "actions">;
  functions: FunctionDefaults;
}

/** From `DELETE` to buckets without an object of that name; and the end of every superseded generation. */
export class DeletePipeline extends pulumi.ComponentResource {
  /** `DeleteResolutionBasedImageQueue`. */
  readonly queue: aws.sqs.Queue;
  readonly deadLetterQueue: aws.sqs.Queue;
  /** `RawImageDeleteProcess`, a Lambda proxy for `DELETE /raw/{object}`. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: DeletePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:DeletePipeline", name, {}, opts);
    const child = { parent: this };
    const { tempImages, images, table } = args.store;
    const metadata = [
      { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"] satisfies [string, string], on: table.arn },
    ];

    const deletions = new QueueFunction(
      "DeleteResolutionBasedImageQueue",
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: "ResolutionBasedImageDeleteProcess",
        handler: createResolutionBasedImageDeleteProcess,
        environment: { IMAGES_BUCKET: images.bucket, IMAGE_METADATA_TABLE: table.name },
        grants: {
          // Originals and renditions, of image types that may not be configured any more.
          SnailImagesBucketDeletePolicy: [{ actions: ["s3:DeleteObject"], on: pulumi.interpolate`${images.arn}/*` }],
          ImageMetadataDynamoDBBasicPolicy: metadata,
        },
        memoryMiB: 256,
        batchSize: 10,
        timeoutSeconds: 60,
        maximumConcurrency: args.maximumConcurrency.ResolutionBasedImageDeleteProcess,
        alarms: args.alarms,
      },
      child,
    );

    const deletes = new ImageFunction(
      "RawImageDeleteProcess",
      {
        ...args.functions,
        handler: createRawImageDeleteProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: deletions.queue.url,
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
        // API Gateway waits no longer.
        timeoutSeconds: 29,
      },
      child,
    );

    this.queue = deletions.queue;
    this.deadLetterQueue = deletions.deadLetterQueue;
    this.function = deletes.function;
    this.registerOutputs({ queueUrl: this.queue.url, function: this.function.arn });
  }
}
