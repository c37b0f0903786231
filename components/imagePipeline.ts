import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { RenditionSpec, UploadLimits } from "../handlers/imageTypes";
import { createRawImagePutProcess } from "../handlers/entries/rawImagePutProcess";
import { createResolutionBasedImagePutProcess } from "../handlers/entries/resolutionBasedImagePutProcess";
import type { Alarms } from "./alarms";
import type { DeletePipeline } from "./deletePipeline";
import type { FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";
import { QueueFunction, type QueuePair } from "./queueFunction";

export interface ImagePipelineArgs {
  store: ImageStore;
  /** Which uploads are accepted. */
  uploadLimits: UploadLimits;
  /** What is made of them. */
  imageTypes: RenditionSpec[];
  /** Invocations at the same time, 2 to 1000. */
  maximumConcurrency: Record<"RawImagePutProcess" | "ResolutionBasedImagePutProcess", number>;
  /** Where superseded generations are sent. */
  deleteQueue: DeletePipeline["queue"];
  /** Queues are protected. Default: false. */
  keepData?: boolean;
  alarms: Pick<Alarms, "actions">;
  functions: FunctionDefaults;
}

/** From an upload in the temp bucket to an original and its renditions. */
export class ImagePipeline extends pulumi.ComponentResource {
  readonly putRawImageQueue: QueuePair;
  readonly putResolutionBasedImageQueue: QueuePair;

  constructor(name: string, args: ImagePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImagePipeline", name, {}, opts);
    const child = { parent: this };
    const { deleteQueue, maximumConcurrency } = args;
    const { tempImages, images, table } = args.store;
    const uploads = pulumi.interpolate`${tempImages.arn}/images/*`;
    const originals = pulumi.interpolate`${images.arn}/raw/*`;

    const renditions = new QueueFunction(
      "PutResolutionBasedImageQueue",
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: "ResolutionBasedImagePutProcess",
        handler: createResolutionBasedImagePutProcess,
        environment: { IMAGES_BUCKET: images.bucket, IMAGE_METADATA_TABLE: table.name },
        grants: {
          SnailImagesBucketGetPolicy: [
            { actions: ["s3:GetObject"], on: originals },
            // Without it a missing original is answered as forbidden. A condition on prefixes would undo that.
            { actions: ["s3:ListBucket"], on: images.arn },
          ],
          // An upload that was accepted before the image types changed gets those that it was promised: the prefixes
          // are not only today's. Originals are out of reach.
          SnailImagesBucketPutPolicy: [
            { actions: ["s3:PutObject"], on: pulumi.interpolate`${images.arn}/*` },
            { effect: "Deny", actions: ["s3:PutObject"], on: originals },
          ],
          // Clears away its own work when the generation was replaced or deleted in the meantime.
          SnailImagesBucketDeletePolicy: [
            { actions: ["s3:DeleteObject"], on: pulumi.interpolate`${images.arn}/*` },
            { effect: "Deny", actions: ["s3:DeleteObject"], on: originals },
          ],
          ImageMetadataDynamoDBBasicPolicy: [
            { actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], on: table.arn },
          ],
        },
        decodesImages: true,
        // The largest AVIF takes about 750 MiB while it is decoded; beyond 1769 MiB there is a second processor.
        memoryMiB: 2048,
        batchSize: 2,
        timeoutSeconds: 120,
        maximumConcurrency: maximumConcurrency.ResolutionBasedImagePutProcess,
        alarms: args.alarms,
      },
      child,
    );

    const originalsIn = new QueueFunction(
      "PutRawImageQueue",
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: "RawImagePutProcess",
        handler: createRawImagePutProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL: renditions.queue.url,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: deleteQueue.url,
          IMAGE_TYPES: JSON.stringify(args.imageTypes),
          UPLOAD_LIMITS: JSON.stringify(args.uploadLimits),
        },
        grants: {
          SnailTempImagesGetAndDeletePolicy: [
            { actions: ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], on: uploads },
            // So that S3 calls a missing upload missing, not forbidden: it asks for one of these rights, and does not
            // say which of them for a version. A condition on prefixes would undo it.
            { actions: ["s3:ListBucket", "s3:ListBucketVersions"], on: tempImages.arn },
          ],
          SnailImagesBucketPutPolicy: [{ actions: ["s3:PutObject"], on: originals }],
          // Clears away its own work when the upload turns out to be outdated or cancelled.
          SnailImagesBucketDeletePolicy: [
            { actions: ["s3:DeleteObject"], on: originals },
            {
              actions: ["s3:ListBucket"],
              on: images.arn,
              condition: { StringLike: { "s3:prefix": "raw/*" } },
            },
          ],
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], on: table.arn }],
          SendPutResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: renditions.queue.arn }],
          SendDeleteResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: deleteQueue.arn }],
        },
        decodesImages: true,
        memoryMiB: 1024,
        batchSize: 4,
        timeoutSeconds: 60,
        maximumConcurrency: maximumConcurrency.RawImagePutProcess,
        alarms: args.alarms,
        notifiedBy: tempImages,
      },
      child,
    );
    new aws.s3.BucketNotification(
      `${name}-notification`,
      {
        bucket: tempImages.bucket,
        queues: [{ queueArn: originalsIn.queue.arn, events: ["s3:ObjectCreated:*"], filterPrefix: "images/" }],
      },
      // S3 tries to send a message before it accepts the notification.
      { ...child, dependsOn: originalsIn.queuePolicy },
    );

    this.putRawImageQueue = originalsIn;
    this.putResolutionBasedImageQueue = renditions;
    this.registerOutputs({
      putRawImageQueueUrl: originalsIn.queue.url,
      putResolutionBasedImageQueueUrl: renditions.queue.url,
    });
  }
}
