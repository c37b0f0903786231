import { covers } from "../../model/arn";
import { FUNCTION, MAPPING, QUEUE } from "../../model/awsTypes";
import { allDeadLetters, deadLettersOf } from "../../model/deadLetters";
import type { Graph } from "../../model/graph";
import { readNumber } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule } from "../rule";

const REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy";
/** SQS keeps messages for 4 days, and hides them for 30 seconds, where a queue says nothing; Lambda's timeout is 3 seconds. */
const defaults = { messageRetentionSeconds: 345_600, visibilityTimeoutSeconds: 30, timeout: 3 };

const seconds = (resource: Resource, property: keyof typeof defaults): number =>
  readNumber(resource, property) ?? defaults[property];

export const deadLettersLast = rule({
  name: "sqs-dead-letters-last",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "A dead-letter queue keeps messages for longer than its sources",
  reason: "A dead letter keeps the time at which it was first sent, and could expire at once.",
  remedy: "Raise messageRetentionSeconds of the dead-letter queue, up to 1209600.",
  types: [QUEUE, REDRIVE_POLICY],
  reads: "graph",
  *check(source, graph) {
    const queue = source.type === QUEUE ? source : graph.target(source, "queueUrl", QUEUE);
    const property = "messageRetentionSeconds";
    for (const { queue: deadLetters } of deadLettersOf(graph, source)) {
      if (deadLetters === undefined || queue === undefined) continue;
      const [value, least] = [seconds(deadLetters, property), seconds(queue, property)];
      if (value <= least)
        yield { property, value, allowed: `more than the ${least} of ${queue.name}`, on: deadLetters };
    }
  },
});

export const deadLetterTarget = rule({
  name: "sqs-dead-letter-target",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "A redrive policy names another queue of the stack",
  reason: "SQS refuses a queue that does not exist; a queue that is its own dead-letter queue never gives up.",
  remedy: "Name the ARN of a queue that the program declares, or list it in the setting elsewhere.",
  types: [QUEUE, REDRIVE_POLICY, "aws:sns/topicSubscription:TopicSubscription"],
  reads: "graph",
  settings: {
    elsewhere: {
      type: "array",
      items: { type: "string" },
      default: [] as string[],
      description: "ARNs of dead-letter queues that other stacks declare",
    },
  },
  *check(source, graph, { elsewhere }) {
    const own = source.type === REDRIVE_POLICY ? graph.target(source, "queueUrl", QUEUE) : source;
    for (const { property, queue, arn = "" } of deadLettersOf(graph, source))
      if (queue === own || (queue === undefined && !elsewhere.includes(arn)))
        yield { property, value: queue?.name ?? arn, allowed: "another queue of this stack" };
  },
});

export const deadLetterQueueUsed = rule({
  name: "sqs-dead-letter-queue-used",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "Every dead-letter queue is the target of a redrive policy or a failed call",
  reason:
    "Messages that cannot be finished expire or come back without end, while the queue meant for them stays empty.",
  remedy: "Name the queue in its source's redrivePolicy, or take it away.",
  types: [QUEUE],
  reads: "graph",
  settings: {
    names: {
      type: "array",
      items: { type: "string" },
      default: ["*dead-letter*", "*deadletter*", "*dlq*"] as string[],
      description: "Logical names of dead-letter queues in lower case, with * for any text",
    },
  },
  *check(queue, graph, { names }) {
    const name = queue.name.toLowerCase();
    const isMeant = names.some((pattern) => covers(pattern, name)) || isAllowed(graph, queue);
    if (isMeant && !allDeadLetters(graph).some((each) => each.queue === queue))
      yield { property: "sources", value: "none", allowed: "one or more resources that name it" };
  },
});

/** Whether a policy says which queues may use it for their dead letters. */
const isAllowed = (graph: Graph, queue: Resource): boolean =>
  queue.inputs.redriveAllowPolicy !== undefined ||
  graph.referrers(queue, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "queueUrl").length > 0;

export const visibility = rule({
  name: "sqs-visibility-timeout",
  group: "SQS",
  ids: ["NAG-LambdaEventSourceSQSVisibilityTimeout"],
  level: "mandatory",
  title: "A queue hides a message for six runs of its function and the batching window",
  reason: "A message that Lambda still tries becomes visible, and is worked on twice.",
  remedy: "Raise visibilityTimeoutSeconds of the queue, or lower timeout of the function.",
  types: [MAPPING],
  reads: "graph",
  settings: {
    factor: { type: "integer", default: 6, minimum: 1, description: "How many runs of the function" },
  },
  *check(mapping, graph, { factor }) {
    const queue = graph.target(mapping, "eventSourceArn", QUEUE);
    const lambda = graph.target(mapping, "functionName", FUNCTION);
    if (!queue || !lambda) return;
    const least = factor * seconds(lambda, "timeout") + (readNumber(mapping, "maximumBatchingWindowInSeconds") ?? 0);
    const property = "visibilityTimeoutSeconds";
    const value = seconds(queue, property);
    if (value < least) yield { property, value, allowed: `${least} or more, for function ${lambda.name}`, on: queue };
  },
});
