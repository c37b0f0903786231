import { BUCKET, QUEUE } from "./awsTypes";
import { allDeadLetters, redrivePolicyOf } from "./deadLetters";
import type { Graph } from "./graph";
import { part, parts, readNumber, readText } from "./read";
import type { Resource } from "./resource";

/** Retention of a queue that declares none: 4 days. */
export const DEFAULT_RETENTION_SECONDS = 345_600;

/** How long a queue keeps messages, in seconds. */
export const retentionSeconds = (queue: Resource): number =>
  readNumber(queue, "messageRetentionSeconds") ?? DEFAULT_RETENTION_SECONDS;

/** Where messages go after so many tries. */
export interface Redrive {
  /** The resource with the redrive policy: the queue, or an `aws.sqs.RedrivePolicy`. */
  source: Resource;
  /** Not set in a policy that is not complete. */
  maxReceiveCount: number | undefined;
  deadLetterTargetArn: string | undefined;
}

/**
 * The redrive policy of a queue. @returns undefined where it has none
 * @throws NotKnown where it is unknown
 */
export function redriveOf(graph: Graph, queue: Resource): Redrive | undefined {
  for (const source of [queue, ...graph.referrers(queue, "aws:sqs/redrivePolicy:RedrivePolicy", "queueUrl")]) {
    const policy = redrivePolicyOf(source);
    if (policy === undefined) continue;
    const read = part({ ...source, inputs: { policy } }, "policy");
    return {
      source,
      maxReceiveCount: readNumber(read, "maxReceiveCount"),
      deadLetterTargetArn: readText(read, "deadLetterTargetArn"),
    };
  }
  return undefined;
}

/** The dead-letter queue of a queue, where it has one in this stack. @throws NotKnown where that is unknown */
export function deadLetterQueueOf(graph: Graph, queue: Resource): Resource | undefined {
  const arn = redriveOf(graph, queue)?.deadLetterTargetArn;
  return arn === undefined ? undefined : graph.named(arn, QUEUE);
}

/** Whether a queue takes messages or events that others gave up on. @throws NotKnown where that is unknown */
export const isDeadLetterQueue = (graph: Graph, queue: Resource): boolean =>
  allDeadLetters(graph).some((deadLetters) => deadLetters.queue === queue);

/** Whether the notifications of a bucket of this stack go to the queue. @throws NotKnown where that is unknown */
export function notifiesFromS3(graph: Graph, queue: Resource): boolean {
  return graph.all(BUCKET).some((bucket) => notifiedQueues(graph, bucket).includes(queue));
}

/** The queues that a bucket notifies. @throws NotKnown where that is unknown */
export function notifiedQueues(graph: Graph, bucket: Resource): Resource[] {
  return graph
    .referrers(bucket, "aws:s3/bucketNotification:BucketNotification", "bucket")
    .flatMap((notification) => parts(notification, "queues"))
    .map((queue) => graph.named(readText(queue, "queueArn") ?? "", QUEUE))
    .filter((queue) => queue !== undefined);
}
