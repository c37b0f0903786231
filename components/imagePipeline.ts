import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { imageTypesJson, type RenditionSpec, type UploadLimits } from "../handlers/imageTypes";
import { createRawImagePutProcess } from "../handlers/entries/rawImagePutProcess";
import { createResolutionBasedImagePutProcess, DECODER_FILE } from "../handlers/entries/resolutionBasedImagePutProcess";
import { decoderProgram } from "../layer/decoder";
import { childNames, type ChildNames } from "./childNames";
import type { DeletePipeline } from "./deletePipeline";
import type { FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";
import { latencyAlarm } from "./latencyAlarm";
import { QueueFunction, type QueuePair } from "./queueFunction";
import { renditionMemoryMiB } from "./renditionMemory";

export interface ImagePipelineArgs extends ChildNames {
  /** Uploads come from it, and images go to it. A store feeds one pipeline: its bucket has one notification. */
  store: ImageStore;
  /** Bounds within which an upload is accepted: formats, extensions, bytes, pixels. */
  uploadLimits: UploadLimits;
  /** The renditions that are made of each new upload: 1 to 20. */
  imageTypes: RenditionSpec[];
  /** How many batches each function works on at the same time: 2 to 1000. */
  maximumConcurrency: Record<"RawImagePutProcess" | "ResolutionBasedImagePutProcess", number>;
  /** Takes superseded generations, to be deleted. */
  deleteQueue: DeletePipeline["queue"];
  /** An alarm tells when too many images are not READY within this time after their upload: 1 to 3600. */
  latencyObjectiveSeconds: number;
  /** Protects the queues. Default: false. */
  keepData?: boolean;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Stores each upload as an original, and makes its renditions.
 *
 * @example
 * ```ts
 * const images = new ImagePipeline("images", {
 *   store: new ImageStore("store", { keepData: true }),
 *   uploadLimits: { acceptedFormats: ["jpeg"], acceptedExtensions: ["jpg"], maxBytes: 10_485_760, maxPixels: 100_000_000, … },
 *   imageTypes: [{ imageType: "large", width: 2016, height: 2016, fit: "inside", format: "jpeg", quality: 80 }],
 *   maximumConcurrency: { RawImagePutProcess: 2, ResolutionBasedImagePutProcess: 3 },
 *   deleteQueue: deletions.queue,
 *   latencyObjectiveSeconds: 30,
 *   functions,
 * });
 * ```
 */
export class ImagePipeline extends pulumi.ComponentResource {
  /** One holds a message for each upload, the other one for each original whose renditions are still to be made. */
  readonly queues: Record<"PutRawImageQueue" | "PutResolutionBasedImageQueue", QueuePair>;
  /** Tells the pipeline of uploads: one that lands before this is in effect is not seen. */
  readonly notification: aws.s3.BucketNotification;

  constructor(name: string, args: ImagePipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImagePipeline", name, {}, opts);
    const child = { parent: this };
    const named = childNames(name, args);
    const { deleteQueue, maximumConcurrency } = args;
    const { tempImages, images, table } = args.store;
    const uploads = pulumi.interpolate`${tempImages.arn}/images/*`;
    const originals = pulumi.interpolate`${images.arn}/raw/*`;

    const renditions = new QueueFunction(
      named("PutResolutionBasedImageQueue"),
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: named("ResolutionBasedImagePutProcess"),
        handler: createResolutionBasedImagePutProcess,
        environment: {
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: deleteQueue.url,
          IMAGES_AT_ONCE: String(IMAGES_AT_ONCE),
        },
        grants: {
          SnailImagesBucketGetPolicy: [
            { actions: ["s3:GetObject"], on: originals },
            // Without it S3 answers a missing original as forbidden. A condition on prefixes would undo that.
            { actions: ["s3:ListBucket"], on: images.arn },
          ],
          // An upload that was accepted before the image types changed gets the types of that time, so prefixes are not
          // limited to those of today. Originals are out of reach.
          SnailImagesBucketPutPolicy: [
            { actions: ["s3:PutObject"], on: pulumi.interpolate`${images.arn}/*`, condition: onlyNewObjects },
            { effect: "Deny", actions: ["s3:PutObject"], on: originals },
          ],
          // Removes its own renditions when the generation was superseded or deleted in the meantime.
          SnailImagesBucketDeletePolicy: [
            { actions: ["s3:DeleteObject"], on: pulumi.interpolate`${images.arn}/*` },
            { effect: "Deny", actions: ["s3:DeleteObject"], on: originals },
          ],
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], on: table.arn }],
          // Has the generation cleared away that was live until this one was READY.
          SendDeleteResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: deleteQueue.arn }],
        },
        decodesImages: true,
        files: { [DECODER_FILE]: decoderProgram() },
        memoryMiB: renditionMemoryMiB(args.uploadLimits, IMAGES_AT_ONCE),
        batchSize: IMAGES_OF_A_BATCH,
        timeoutSeconds: 120,
        maximumConcurrency: maximumConcurrency.ResolutionBasedImagePutProcess,
      },
      child,
    );

    const originalsIn = new QueueFunction(
      named("PutRawImageQueue"),
      {
        ...args.functions,
        keepData: args.keepData,
        functionName: named("RawImagePutProcess"),
        handler: createRawImagePutProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL: renditions.queue.url,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: deleteQueue.url,
          IMAGE_TYPES: imageTypesJson(args.imageTypes),
          UPLOAD_LIMITS: JSON.stringify(args.uploadLimits),
        },
        grants: {
          SnailTempImagesGetAndDeletePolicy: [
            { actions: ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], on: uploads },
            // Without ListBucket S3 answers a missing upload as forbidden, and a condition on prefixes would undo it. An
            // upload that is missing is looked for in the list of versions.
            { actions: ["s3:ListBucket", "s3:ListBucketVersions"], on: tempImages.arn },
          ],
          // Copies of uploads, and nothing else. That a copy is new cannot be asked for here: where a policy does, S3 refuses
          // all copies (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html).
          SnailImagesBucketPutPolicy: [
            {
              actions: ["s3:PutObject"],
              on: originals,
              condition: {
                StringLike: { "s3:x-amz-copy-source": pulumi.interpolate`${tempImages.bucket}/images/*` },
              },
            },
          ],
          // Looks whether an original was stored of an upload that was overtaken or cancelled, and has it deleted by message.
          SnailImagesBucketListPolicy: [
            { actions: ["s3:ListBucket"], on: images.arn, condition: { StringLike: { "s3:prefix": "raw/*" } } },
          ],
          ImageMetadataDynamoDBBasicPolicy: [{ actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], on: table.arn }],
          SendPutResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: renditions.queue.arn }],
          SendDeleteResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: deleteQueue.arn }],
        },
        // Of four uploads at the same time a header each, which takes at most 8 MiB. Less would start slower, and make bursts
        // wait (docs/performance.md).
        memoryMiB: 512,
        batchSize: 4,
        timeoutSeconds: 60,
        maximumConcurrency: maximumConcurrency.RawImagePutProcess,
        notifiedBy: tempImages,
      },
      child,
    );
    this.notification = new aws.s3.BucketNotification(
      `${name}-notification`,
      {
        bucket: tempImages.bucket,
        queues: [{ queueArn: originalsIn.queue.arn, events: ["s3:ObjectCreated:*"], filterPrefix: "images/" }],
      },
      // S3 tries to send a message before it accepts the notification.
      { ...child, dependsOn: originalsIn.queuePolicy },
    );

    const { latencyObjectiveSeconds: objectiveSeconds, functions } = args;
    latencyAlarm(named("ResolutionBasedImagePutProcess"), { objectiveSeconds, alarms: functions.alarms }, child);

    this.queues = { PutRawImageQueue: originalsIn, PutResolutionBasedImageQueue: renditions };
    this.registerOutputs({
      putRawImageQueueUrl: originalsIn.queue.url,
      putResolutionBasedImageQueueUrl: renditions.queue.url,
    });
  }
}

/**
 * Chosen by cost (docs/performance.md, `npx snail bench batches`): one is decoded while the next is read and the last is
 * stored. Further messages of a batch save little, and make its images wait.
 */
const IMAGES_AT_ONCE = 3;
const IMAGES_OF_A_BATCH = 4;

/**
 * The request carries `If-None-Match`, so that S3 refuses it where the key exists: the function can store objects, and
 * overwrite none. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
const onlyNewObjects = { Null: { "s3:if-none-match": "false" } };
