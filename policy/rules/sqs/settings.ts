import { QUEUE } from "../../model/awsTypes";
import type { Graph } from "../../model/graph";
import { isDeadLetterQueue, redriveOf } from "../../model/queues";
import { read, readFlag, readJson, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { inputRule } from "../inputRule";
import { rule, type Problem } from "../rule";

export const encryption = rule({
  name: "sqs-encryption",
  group: "SQS",
  ids: ["SQS.1", "CKV_AWS_27", "NAG-SQS2"],
  level: "mandatory",
  title: "Every queue declares the encryption of its messages",
  reason: "Messages that wait could be read from disk.",
  remedy: "Set sqsManagedSseEnabled to true, or kmsMasterKeyId.",
  types: [QUEUE],
  reads: "resource",
  *check(queue) {
    const property = "sqsManagedSseEnabled";
    if (!readFlag(queue, property) && readText(queue, "kmsMasterKeyId") === undefined)
      yield { property, value: read(queue, property), allowed: "true, or a kmsMasterKeyId" };
  },
});

export const customerKey = inputRule({
  name: "sqs-customer-key",
  group: "SQS",
  ids: ["CKV2_AWS_73"],
  level: "advisory",
  title: "Every queue is encrypted with a KMS key of the customer",
  reason: "Only the policy and the log of an own key show and limit who can read messages.",
  remedy: "Set kmsMasterKeyId to an own key, where it is worth its price.",
  type: QUEUE,
  property: "kmsMasterKeyId",
  allowed: "an own KMS key",
  accept: (value) => value !== undefined && !value.includes("alias/aws/"),
});

export const redrive = rule({
  name: "sqs-redrive",
  group: "SQS",
  ids: ["NAG-SQS3"],
  level: "mandatory",
  title: "Every queue that is not a dead-letter queue has one",
  reason: "A message that always fails would come back until it expires, and be lost.",
  remedy: "Set redrivePolicy with a deadLetterTargetArn.",
  types: [QUEUE],
  reads: "graph",
  *check(queue, graph) {
    if (isDeadLetterQueue(graph, queue)) return;
    const redrive = redriveOf(graph, queue);
    if (redrive?.deadLetterTargetArn === undefined)
      yield { property: "redrivePolicy", value: read(queue, "redrivePolicy"), allowed: "one with a dead-letter queue" };
  },
});

function* receiveCount(graph: Graph, queue: Resource, least: number): Iterable<Problem> {
  const redrive = redriveOf(graph, queue);
  if (redrive === undefined) return;
  const { maxReceiveCount: value, source: on } = redrive;
  if (value === undefined || value < least)
    yield { property: "redrivePolicy: maxReceiveCount", value, allowed: `${least} or more`, on };
}

export const leastReceiveCount = rule({
  name: "sqs-receive-count",
  group: "SQS",
  ids: [],
  level: "mandatory",
  title: "Every message is tried several times before it is a dead letter",
  reason: "A batch that Lambda throttles counts as received: a busy minute would bury good messages.",
  remedy: "Set maxReceiveCount to 5 or more.",
  types: [QUEUE],
  reads: "graph",
  settings: { leastReceiveCount: { type: "integer", default: 5, minimum: 1, description: "Least maxReceiveCount" } },
  check: (queue, graph, { leastReceiveCount }) => receiveCount(graph, queue, leastReceiveCount),
});

export const advisedReceiveCount = rule({
  name: "sqs-receive-count-advised",
  group: "SQS",
  ids: [],
  level: "advisory",
  title: "Every message is tried often enough to outlast throttling",
  reason: "While functions are throttled for longer, each try counts as received.",
  remedy: "Set maxReceiveCount to 10 or more.",
  types: [QUEUE],
  reads: "graph",
  settings: {
    advisedReceiveCount: { type: "integer", default: 10, minimum: 1, description: "Advised maxReceiveCount" },
  },
  check: (queue, graph, { advisedReceiveCount }) => receiveCount(graph, queue, advisedReceiveCount),
});

export const redriveAllow = rule({
  name: "sqs-redrive-allow",
  group: "SQS",
  ids: [],
  level: "advisory",
  title: "Every dead-letter queue names the queues that may use it",
  reason: "Dead letters of others would hide among its own, and be redriven to the wrong place.",
  remedy:
    "Declare an aws.sqs.RedriveAllowPolicy with redrivePermission byQueue and the sources; denyAll where no queue is one.",
  types: [QUEUE],
  reads: "graph",
  *check(queue, graph) {
    if (!isDeadLetterQueue(graph, queue)) return;
    const property = "redriveAllowPolicy";
    const policies = graph.referrers(queue, "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "queueUrl");
    const [on = queue] = policies;
    const value = readJson(on, property)?.redrivePermission;
    // One to which a function or a service alone sends what it gave up has no queue for a source.
    if (value !== "byQueue" && value !== "denyAll")
      yield { property, value, allowed: "redrivePermission byQueue, or denyAll", on };
  },
});
