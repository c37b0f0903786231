import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { queueAlarms } from "./alarm";
import { tlsOnly } from "./grants";
import { ImageFunction, type ImageFunctionArgs } from "./imageFunction";
import { checkRanges } from "./ranges";

export interface QueueFunctionArgs<Event, Result> extends ImageFunctionArgs<Event, Result> {
  /** Logical name of the function. */
  functionName: string;
  /** Messages of one invocation, 1 to 10; how many of them are worked on at the same time is the handler's choice. */
  batchSize: number;
  /** Invocations at the same time, 2 to 1000. */
  maximumConcurrency: number;
  /** Protects both queues: a message can be the only trace of an upload. Default: false. */
  keepData?: boolean;
  /** The bucket whose notifications the queue accepts. Default: none. */
  notifiedBy?: { arn: pulumi.Input<string> };
}

/** A queue, and the dead-letter queue for messages that could not be finished. */
export interface QueuePair {
  queue: aws.sqs.Queue;
  deadLetterQueue: aws.sqs.Queue;
}

/**
 * A queue, the one function that consumes it, and a dead-letter queue for messages that the function cannot finish.
 *
 * @example
 * ```ts
 * new QueueFunction("ResizeQueue", {
 *   ...functions,
 *   functionName: "ResizeProcess",
 *   handler: createResizeProcess,
 *   environment: { BUCKET: images.bucket },
 *   grants: { ReadPolicy: [{ actions: ["s3:GetObject"], on: pulumi.interpolate`${images.arn}/raw/*` }] },
 *   timeoutSeconds: 60,
 *   memoryMiB: 1024,
 *   batchSize: 4,
 *   maximumConcurrency: 10,
 * });
 * ```
 */
export class QueueFunction<Event, Result> extends pulumi.ComponentResource implements QueuePair {
  readonly queue: aws.sqs.Queue;
  readonly deadLetterQueue: aws.sqs.Queue;
  /** The queue's policy: S3 accepts a notification to the queue only once this is in effect. */
  readonly queuePolicy: aws.sqs.QueuePolicy;

  constructor(name: string, args: QueueFunctionArgs<Event, Result>, opts?: pulumi.ComponentResourceOptions) {
    const { batchSize, maximumConcurrency, timeoutSeconds } = args;
    checkRanges(`QueueFunction "${name}"`, {
      timeoutSeconds: [1, timeoutSeconds, 900],
      batchSize: [1, batchSize, 10],
      maximumConcurrency: [2, maximumConcurrency, 1000],
    });
    super("snail:index:QueueFunction", name, {}, opts);
    const child = { parent: this };
    const kept = { ...child, protect: args.keepData ?? false };

    this.deadLetterQueue = new aws.sqs.Queue(
      `${name}-dead-letters`,
      { messageRetentionSeconds: 14 * DAY, sqsManagedSseEnabled: true },
      kept,
    );
    this.queue = new aws.sqs.Queue(
      name,
      {
        messageRetentionSeconds: 4 * DAY,
        sqsManagedSseEnabled: true,
        // A message stays hidden while Lambda tries a throttled batch again.
        visibilityTimeoutSeconds: 6 * timeoutSeconds,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetterQueue.arn,
          maxReceiveCount: MAX_RECEIVE_COUNT,
        }),
      },
      kept,
    );
    new aws.sqs.RedriveAllowPolicy(
      `${name}-redrive`,
      {
        queueUrl: this.deadLetterQueue.url,
        redriveAllowPolicy: pulumi.jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [this.queue.arn] }),
      },
      child,
    );
    this.queuePolicy = queuePolicy(name, this.queue, args.notifiedBy, child);
    queuePolicy(`${name}-dead-letters`, this.deadLetterQueue, undefined, child);

    const consumer = new ImageFunction(
      args.functionName,
      {
        ...args,
        environment: {
          ...args.environment,
          QUEUE_URL: this.queue.url,
          DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.url,
          MAX_RECEIVE_COUNT: String(MAX_RECEIVE_COUNT),
        },
        grants: {
          [`Poll${name}Policy`]: [
            {
              // Lambda receives and deletes; the function brings the next try of a failed message forward.
              actions: [
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ChangeMessageVisibility",
              ],
              on: this.queue.arn,
            },
          ],
          // The function itself moves a message that fails for good there, with the cause.
          [`Send${name}DeadLettersPolicy`]: [{ actions: ["sqs:SendMessage"], on: this.deadLetterQueue.arn }],
          ...args.grants,
        },
      },
      child,
    );
    new aws.lambda.EventSourceMapping(
      `${name}-mapping`,
      {
        eventSourceArn: this.queue.arn,
        functionName: consumer.function.name,
        batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency },
      },
      { ...child, dependsOn: consumer.policies },
    );
    queueAlarms(name, this, args.alarms, child);

    this.registerOutputs({ queueUrl: this.queue.url, deadLetterQueueUrl: this.deadLetterQueue.url });
  }
}

const DAY = 24 * 60 * 60;
/**
 * How often a message is received before it is a dead letter. A batch that Lambda throttles counts as received
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html), so that 5, the least that AWS advises,
 * could bury messages that no function has seen.
 */
const MAX_RECEIVE_COUNT = 10;

/** Refuses calls without TLS; where a bucket is given, lets S3 send that bucket's notifications. */
function queuePolicy(
  name: string,
  queue: aws.sqs.Queue,
  notifiedBy: { arn: pulumi.Input<string> } | undefined,
  child: pulumi.CustomResourceOptions,
): aws.sqs.QueuePolicy {
  const notifications = notifiedBy && {
    Sid: "Notifications",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queue.arn,
    Condition: {
      ArnEquals: { "aws:SourceArn": notifiedBy.arn },
      StringEquals: { "aws:SourceAccount": aws.getCallerIdentityOutput({}, child).accountId },
    },
  };
  return new aws.sqs.QueuePolicy(
    `${name}-policy`,
    {
      queueUrl: queue.url,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [tlsOnly("sqs:*", [queue.arn]), ...(notifications ? [notifications] : [])],
      }),
    },
    child,
  );
}
