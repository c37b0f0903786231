import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createSweepProcess } from "../handlers/entries/sweepProcess";
import { childNames, type ChildNames } from "./childNames";
import type { DeletePipeline } from "./deletePipeline";
import { ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImagePipeline } from "./imagePipeline";
import type { ImageStore } from "./imageStore";

export interface SweepArgs extends ChildNames {
  /** Looked through for what got lost. */
  store: ImageStore;
  /** Takes uploads whose message was lost, and generations whose renditions are missing. */
  images: Pick<ImagePipeline, "queues">;
  /** Takes generations that are still to be cleared away. */
  deletions: Pick<DeletePipeline, "queue">;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Each hour finds what got lost, and sends it on its way through the queues: uploads without a message, records that are
 * stuck, and objects to which no record refers.
 *
 * @example
 * ```ts
 * new Sweep("sweep", { store, images, deletions, functions });
 * ```
 */
export class Sweep extends pulumi.ComponentResource {
  /** `SweepProcess`, which the schedule invokes. */
  readonly function: aws.lambda.Function;

  constructor(name: string, args: SweepArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:Sweep", name, {}, opts);
    const child = { parent: this };
    const named = childNames(name, args);
    const { tempImages, images, table, listIndex } = args.store;
    const { PutRawImageQueue, PutResolutionBasedImageQueue } = args.images.queues;
    const queues = [PutRawImageQueue.queue, PutResolutionBasedImageQueue.queue, args.deletions.queue] as const;

    const sweep = new ImageFunction(
      named("SweepProcess"),
      {
        ...args.functions,
        handler: createSweepProcess,
        environment: {
          TEMP_IMAGES_BUCKET: tempImages.bucket,
          IMAGES_BUCKET: images.bucket,
          IMAGE_METADATA_TABLE: table.name,
          IMAGE_METADATA_INDEX: listIndex,
          PUT_RAW_IMAGE_QUEUE_URL: queues[0].url,
          PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL: queues[1].url,
          DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL: queues[2].url,
        },
        // It reads lists and records, and writes nothing but messages and its own position.
        grants: {
          SnailTempImagesListPolicy: [
            {
              actions: ["s3:ListBucketVersions"],
              on: tempImages.arn,
              condition: { StringLike: { "s3:prefix": "images/*" } },
            },
          ],
          SnailImagesBucketListPolicy: [{ actions: ["s3:ListBucket"], on: images.arn }],
          ImageMetadataDynamoDBBasicPolicy: [
            { actions: ["dynamodb:GetItem"], on: table.arn },
            { actions: ["dynamodb:Query"], on: pulumi.interpolate`${table.arn}/index/${listIndex}` },
            {
              actions: ["dynamodb:UpdateItem"],
              on: table.arn,
              condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["/sweep"] } },
            },
          ],
          SendPutRawImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: queues[0].arn }],
          SendPutResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: queues[1].arn }],
          SendDeleteResolutionBasedImageQueuePolicy: [{ actions: ["sqs:SendMessage"], on: queues[2].arn }],
        },
        memoryMiB: 256,
        timeoutSeconds: 300,
      },
      child,
    );
    const schedule = new aws.cloudwatch.EventRule(
      named("SweepProcess-schedule"),
      { description: "Looks for what got lost", scheduleExpression: "rate(1 hour)" },
      child,
    );
    const permission = new aws.lambda.Permission(
      named("SweepProcess-permission"),
      {
        action: "lambda:InvokeFunction",
        function: sweep.function.name,
        principal: "events.amazonaws.com",
        sourceArn: schedule.arn,
      },
      child,
    );
    new aws.cloudwatch.EventTarget(
      named("SweepProcess-target"),
      { rule: schedule.name, arn: sweep.function.arn },
      { ...child, dependsOn: permission },
    );

    this.function = sweep.function;
    this.registerOutputs({ function: this.function.arn });
  }
}
