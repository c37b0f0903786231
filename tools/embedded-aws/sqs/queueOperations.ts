import { authorize, type Operation, type Sqs } from "./operation";
import { invalidParameter, sqsError } from "./errors";
import { optionalNumber, optionalText, requiredText, textList, textMap } from "./input";
import type { Queue } from "./queueStore";

const recently = 60_000;
const deletedAt = new WeakMap<Sqs, Map<string, number>>();
const purgedAt = new WeakMap<Sqs, Map<number, number>>();

const createQueue: Operation = (sqs, call) => {
  const name = requiredText(call.input, "QueueName");
  sqs.iam.authorize({
    principal: call.principal,
    action: "sqs:CreateQueue",
    resource: sqs.arnOf(name),
    secure: call.secure,
  });
  const attributes = textMap(call.input, "Attributes");
  const existing = sqs.engine.queues.named(name);
  if (existing !== undefined) {
    const different = Object.keys(attributes).find((key) => existing.attributes[key] !== attributes[key]);
    if (different === undefined) return { QueueUrl: sqs.urlOf(name) };
    throw sqsError(
      "QueueNameExists",
      `A queue already exists with the same name and a different value for attribute ${different}`,
    );
  }
  if (sqs.engine.now() - (memoryOf(deletedAt, sqs).get(name) ?? -recently) < recently) {
    throw sqsError(
      "QueueDeletedRecently",
      "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    );
  }
  sqs.engine.createQueue(name, attributes, textMap(call.input, "tags"));
  return { QueueUrl: sqs.urlOf(name) };
};

const deleteQueue: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "DeleteQueue", queue);
  sqs.engine.removeQueue(queue);
  memoryOf(deletedAt, sqs).set(queue.name, sqs.engine.now());
  return {};
};

const getQueueUrl: Operation = (sqs, call) => {
  const name = requiredText(call.input, "QueueName");
  const queue = sqs.engine.queues.get(sqs.arnOf(name));
  authorize(sqs, call, "GetQueueUrl", queue);
  return { QueueUrl: sqs.urlOf(queue.name) };
};

const listQueues: Operation = (sqs, call) => {
  const { principal, secure, input } = call;
  sqs.iam.authorize({ principal, action: "sqs:ListQueues", resource: "*", secure });
  const prefix = optionalText(input, "QueueNamePrefix") ?? "";
  const queues = sqs.engine.queues.list().filter(({ name }) => name.startsWith(prefix));
  // AWS leaves the list out when it is empty (recorded: test_list_queues).
  return queues.length === 0 ? {} : pageOf(sqs, queues, input, "QueueUrls");
};

const listDeadLetterSourceQueues: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "ListDeadLetterSourceQueues", queue);
  return pageOf(sqs, sqs.engine.queues.sourcesOf(queue.arn), call.input, "queueUrls");
};

/** A page of queue URLs; the token is the name of the last queue of the page before. */
function pageOf(sqs: Sqs, queues: Queue[], input: Record<string, unknown>, property: string): Record<string, unknown> {
  const after = optionalText(input, "NextToken");
  const limit = optionalNumber(input, "MaxResults", 1, 1000);
  const rest = after === undefined ? queues : queues.filter(({ name }) => name > after);
  const page = rest.slice(0, limit ?? 1000);
  const more = limit !== undefined && rest.length > page.length ? { NextToken: page[page.length - 1]?.name } : {};
  return { [property]: page.map(({ name }) => sqs.urlOf(name)), ...more };
}

const getQueueAttributes: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "GetQueueAttributes", queue);
  const wanted = textList(call.input, "AttributeNames");
  if (wanted.length === 0) return {};
  const all = attributesOf(sqs, queue);
  if (wanted.includes("All")) return { Attributes: all };
  const unknown = wanted.find((name) => !knownAttributes.has(name));
  if (unknown !== undefined) throw sqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name))) };
};

const knownAttributes = new Set([
  ...["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
  ...["CreatedTimestamp", "LastModifiedTimestamp", "QueueArn", "DelaySeconds", "MaximumMessageSize"],
  ...["MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "VisibilityTimeout", "Policy", "RedrivePolicy"],
  ...["RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"],
  ...["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"],
]);

function attributesOf(sqs: Sqs, queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = sqs.engine.counts(queue);
  const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
  };
}

const setQueueAttributes: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "SetQueueAttributes", queue);
  sqs.engine.setAttributes(queue, textMap(call.input, "Attributes"));
  return {};
};

const purgeQueue: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "PurgeQueue", queue);
  const purges = memoryOf(purgedAt, sqs);
  const now = sqs.engine.now();
  if (now - (purges.get(queue.id) ?? -recently) < recently) {
    throw sqsError(
      "PurgeQueueInProgress",
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
    );
  }
  purges.set(queue.id, now);
  sqs.engine.purge(queue);
  return {};
};

const tagQueue: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "TagQueue", queue);
  const tags = { ...queue.tags, ...textMap(call.input, "Tags") };
  if (Object.keys(tags).length > 50) throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
  sqs.engine.queues.update(queue, { tags });
  return {};
};

const untagQueue: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "UntagQueue", queue);
  const keys = textList(call.input, "TagKeys");
  const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
  sqs.engine.queues.update(queue, { tags });
  return {};
};

const listQueueTags: Operation = (sqs, call) => {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, "ListQueueTags", queue);
  return Object.keys(queue.tags).length === 0 ? {} : { Tags: queue.tags };
};

function memoryOf<Key>(memories: WeakMap<Sqs, Map<Key, number>>, sqs: Sqs): Map<Key, number> {
  const memory = memories.get(sqs) ?? new Map<Key, number>();
  memories.set(sqs, memory);
  return memory;
}

export const queueOperations: Record<string, Operation> = {
  CreateQueue: createQueue,
  DeleteQueue: deleteQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  PurgeQueue: purgeQueue,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
};
