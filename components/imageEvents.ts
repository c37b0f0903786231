import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createImageEventProcess } from "../handlers/entries/imageEventProcess";
import { eventAlarms } from "./alarm";
import { childNames, type ChildNames } from "./childNames";
import { tlsOnly } from "./grants";
import { ImageFunction, type FunctionDefaults } from "./imageFunction";
import type { ImageStore } from "./imageStore";

export interface ImageEventsArgs extends ChildNames {
  /** The changes of its table are announced, with URLs of its distribution if there is one. */
  store: Pick<ImageStore, "table" | "delivery">;
  /** Protects the dead-letter queue. Default: false. */
  keepData?: boolean;
  /** Arguments that all functions share. */
  functions: FunctionDefaults;
}

/**
 * Announces on an event bus of the stack what becomes of each image: `uploaded`, `ready`, `failed`, `rejected`, `deleted`.
 *
 * @example
 * ```ts
 * const events = new ImageEvents("events", { store, functions });
 * new aws.cloudwatch.EventRule("ready", { eventBusName: events.eventBusName, eventPattern: '{"detail-type":["ready"]}' });
 * ```
 */
export class ImageEvents extends pulumi.ComponentResource {
  readonly eventBusName: pulumi.Output<string>;
  /** Holds changes that no try can announce, and word of those that waited too long. */
  readonly eventDeadLetterQueueUrl: pulumi.Output<string>;

  constructor(name: string, args: ImageEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("snail:index:ImageEvents", name, {}, opts);
    const child = { parent: this };
    const named = childNames(name, args);
    const { table, delivery } = args.store;

    const bus = new aws.cloudwatch.EventBus(
      named("ImageEvents"),
      { name: `${named("ImageEvents")}-${pulumi.getStack()}`, description: "What becomes of each image" },
      child,
    );
    const deadLetters = new aws.sqs.Queue(
      named("ImageEvents-dead-letters"),
      { messageRetentionSeconds: 14 * DAY, sqsManagedSseEnabled: true },
      { ...child, protect: args.keepData ?? false },
    );
    new aws.sqs.QueuePolicy(
      named("ImageEvents-dead-letters-policy"),
      {
        queueUrl: deadLetters.url,
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [tlsOnly("sqs:*", [deadLetters.arn])] }),
      },
      child,
    );
    // Lambda and the function send to it themselves: it is the dead-letter queue of no queue.
    new aws.sqs.RedriveAllowPolicy(
      named("ImageEvents-redrive"),
      {
        queueUrl: deadLetters.url,
        redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }),
      },
      child,
    );
    const announcer = new ImageFunction(
      named("ImageEventProcess"),
      {
        ...args.functions,
        handler: createImageEventProcess,
        environment: {
          EVENT_BUS_NAME: bus.name,
          DEAD_LETTER_QUEUE_URL: deadLetters.url,
          ...(delivery && { DELIVERY_URL: delivery.url }),
        },
        grants: {
          ReadImageMetadataStreamPolicy: [
            {
              actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
              on: table.streamArn,
            },
            // It has no resource type:
            // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
            { actions: ["dynamodb:ListStreams"], on: "*" },
          ],
          PutImageEventsPolicy: [{ actions: ["events:PutEvents"], on: bus.arn }],
          SendImageEventsDeadLettersPolicy: [{ actions: ["sqs:SendMessage"], on: deadLetters.arn }],
        },
        memoryMiB: 256,
        timeoutSeconds: 60,
      },
      child,
    );
    new aws.lambda.EventSourceMapping(
      named("ImageEvents-mapping"),
      {
        eventSourceArn: table.streamArn,
        functionName: announcer.function.name,
        startingPosition: "TRIM_HORIZON",
        batchSize: 100,
        maximumBatchingWindowInSeconds: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        // An hour before the stream forgets a change Lambda gives it up, and says so in the dead-letter queue.
        maximumRetryAttempts: -1,
        maximumRecordAgeInSeconds: 23 * HOUR,
        destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
        // The records alone, and none that time to live removes: it has no new image.
        filterCriteria: {
          filters: [
            {
              pattern: JSON.stringify({
                dynamodb: { Keys: { imageType: { S: ["raw"] } }, NewImage: { id: { S: [{ exists: true }] } } },
              }),
            },
          ],
        },
      },
      { ...child, dependsOn: announcer.policies },
    );
    const watched = { lambda: announcer.function, deadLetterQueue: deadLetters };
    eventAlarms(named("ImageEvents"), watched, args.functions.alarms, child);

    this.eventBusName = bus.name;
    this.eventDeadLetterQueueUrl = deadLetters.url;
    this.registerOutputs({ eventBusName: this.eventBusName, eventDeadLetterQueueUrl: this.eventDeadLetterQueueUrl });
  }
}

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
