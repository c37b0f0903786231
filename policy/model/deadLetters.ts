import { FUNCTION, MAPPING, QUEUE } from "./awsTypes";
import type { Graph } from "./graph";
import { read, readJson } from "./read";
import { UNKNOWN, type Resource } from "./resource";

export const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
export const INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
export const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy";

/** Properties that name the queue for what could not be finished. */
const properties: readonly (readonly [type: string, property: string])[] = [
  [QUEUE, "redrivePolicy"],
  [REDRIVE_POLICY, "redrivePolicy"],
  [SUBSCRIPTION, "redrivePolicy"],
  [FUNCTION, "deadLetterConfig.targetArn"],
  [INVOKE_CONFIG, "destinationConfig.onFailure.destination"],
  [MAPPING, "destinationConfig.onFailure.destinationArn"],
  [EVENT_TARGET, "deadLetterConfig.arn"],
  [SCHEDULE, "target.deadLetterConfig.arn"],
];

/** A resource that names a dead-letter queue. */
export interface DeadLetters {
  source: Resource;
  property: string;
  /** The ARN, where it is known. */
  arn?: string;
  /** The queue; undefined for one that is not in this stack. */
  queue: Resource | undefined;
}

/**
 * The dead-letter queues that a resource names.
 * @throws NotKnown when one is unknown, and no dependency shows it
 */
export function deadLettersOf(graph: Graph, source: Resource): DeadLetters[] {
  return properties.flatMap(([type, property]): DeadLetters[] => {
    if (type !== source.type) return [];
    const isJson = property === "redrivePolicy" && source.inputs[property] !== UNKNOWN;
    const queue = isJson ? undefined : graph.target(source, property, QUEUE);
    if (queue) return [{ source, property, queue }];
    const arn = isJson ? redrivePolicyOf(source)?.deadLetterTargetArn : read(source, property);
    return typeof arn === "string" ? [{ source, property, arn, queue: graph.named(arn, QUEUE) }] : [];
  });
}

/** All dead-letter queues that the stack's resources name, and by which resource. @throws NotKnown */
export const allDeadLetters = (graph: Graph): DeadLetters[] =>
  [...new Set(properties.map(([type]) => type))].flatMap((type) =>
    graph.all(type).flatMap((source) => deadLettersOf(graph, source)),
  );

/** The redrive policy of a queue or subscription, given as JSON text or object. @throws NotKnown */
export const redrivePolicyOf = (resource: Resource): Record<string, unknown> | undefined =>
  readJson(resource, "redrivePolicy");
