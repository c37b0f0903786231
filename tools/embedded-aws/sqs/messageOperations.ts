import { batchEntries, eachEntry } from "./batch";
import { authorize, type Call, type Operation, type Sqs } from "./operation";
import { invalidParameter, sqsError } from "./errors";
import { type Input, objectMap, optionalNumber, optionalText, requiredNumber, requiredText, textList } from "./input";
import { attributeBytes, md5OfAttributes, type MessageAttributes, selectAttributes } from "./messageAttributes";
import type { ReceivedMessage } from "./messageStore";
import type { Queue } from "./queueStore";
import { encodeReceipt } from "./receiptHandle";
import { senderIdOf } from "./senderId";
import { checkGroup } from "./validation";

const maximumBatchBytes = 1_048_576;

/** The queue that a request names, once the caller may do this to it. */
function queueFor(sqs: Sqs, call: Call, action: string): Queue {
  const queue = sqs.engine.queues.byUrl(requiredText(call.input, "QueueUrl"));
  authorize(sqs, call, action, queue);
  return queue;
}

const sendMessage: Operation = (sqs, call) => sendOne(sqs, call, queueFor(sqs, call, "SendMessage"), call.input);

const sendMessageBatch: Operation = (sqs, call) => {
  const queue = queueFor(sqs, call, "SendMessage");
  const entries = batchEntries(call.input, "SendMessageBatchRequestEntry");
  const bytes = entries.reduce(
    (sum, { entry }) =>
      sum + Buffer.byteLength(optionalText(entry, "MessageBody") ?? "") + attributeBytes(messageAttributes(entry)),
    0,
  );
  if (bytes > maximumBatchBytes) {
    throw sqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${maximumBatchBytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
  return eachEntry(entries, (entry) => sendOne(sqs, call, queue, entry));
};

function sendOne(sqs: Sqs, call: Call, queue: Queue, input: Input): Record<string, unknown> {
  const attributes = messageAttributes(input);
  const system = systemAttributes(input, call.traceHeader);
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      "The request include parameter MessageDeduplicationId which is not valid for this queue type.",
    );
  }
  const sent = sqs.engine.send(queue, {
    body: requiredText(input, "MessageBody"),
    attributes,
    system,
    delaySeconds: optionalNumber(input, "DelaySeconds", 0, 900),
    senderId: senderIdOf(call.principal),
  });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: sent.md5,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(messageAttributes(input, "MessageSystemAttributes")),
  };
}

function messageAttributes(input: Input, name = "MessageAttributes"): MessageAttributes {
  const attributes = objectMap(input, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value.DataType !== "string" || value.DataType === "") {
      throw invalidParameter(`The message attribute '${key}' must contain non-empty message attribute type.`);
    }
  }
  return attributes as unknown as MessageAttributes;
}

/**
 * `AWSTraceHeader` is the only system attribute that a sender can give; without it the request's own X-Ray header is kept
 * (recorded: test_aws_trace_header_propagation). A message group makes a standard queue fair.
 */
function systemAttributes(input: Input, traceHeader: string | undefined): Record<string, string> {
  const given = messageAttributes(input, "MessageSystemAttributes");
  const unknown = Object.keys(given).find((name) => name !== "AWSTraceHeader");
  if (unknown !== undefined) throw invalidParameter(`Message system attribute name '${unknown}' is invalid.`);
  const group = optionalText(input, "MessageGroupId");
  if (group !== undefined) checkGroup(group);
  const trace = given.AWSTraceHeader?.StringValue ?? traceHeader;
  return {
    ...(trace === undefined ? {} : { AWSTraceHeader: trace }),
    ...(group === undefined ? {} : { MessageGroupId: group }),
  };
}

const receiveMessage: Operation = async (sqs, call) => {
  const { input } = call;
  const queue = queueFor(sqs, call, "ReceiveMessage");
  const system = [...textList(input, "AttributeNames"), ...textList(input, "MessageSystemAttributeNames")];
  const wanted = textList(input, "MessageAttributeNames");
  const messages = await sqs.engine.receive(queue.arn, {
    max: optionalNumber(input, "MaxNumberOfMessages", 1, 10, "Must be between 1 and 10, if provided.") ?? 1,
    waitSeconds: optionalNumber(input, "WaitTimeSeconds", 0, 20) ?? queue.settings.waitSeconds,
    visibilitySeconds: optionalNumber(input, "VisibilityTimeout", 0, 43_200),
    signal: call.signal,
  });
  return messages.length === 0 ? {} : { Messages: messages.map((message) => toWire(message, system, wanted)) };
};

function toWire(message: ReceivedMessage, system: string[], wanted: string[]): Record<string, unknown> {
  const attributes = selectAttributes(message.attributes, wanted);
  const some = Object.keys(attributes).length > 0;
  const systemValues = Object.entries(systemAttributesOf(message)).filter(
    ([name]) => system.includes("All") || system.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: encodeReceipt(message.receipt),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(systemValues.length > 0 ? { Attributes: Object.fromEntries(systemValues) } : {}),
    ...(some ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) } : {}),
  };
}

/** The attributes that SQS itself gives a message. */
export function systemAttributesOf(message: ReceivedMessage): Record<string, string> {
  return {
    ...message.system,
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
  };
}

const deleteMessage: Operation = (sqs, call) => {
  const queue = queueFor(sqs, call, "DeleteMessage");
  sqs.engine.delete(queue, requiredText(call.input, "ReceiptHandle"));
  return {};
};

const deleteMessageBatch: Operation = (sqs, call) => {
  const queue = queueFor(sqs, call, "DeleteMessage");
  return eachEntry(batchEntries(call.input, "DeleteMessageBatchRequestEntry"), (entry) => {
    sqs.engine.delete(queue, requiredText(entry, "ReceiptHandle"));
    return {};
  });
};

const changeMessageVisibility: Operation = (sqs, call) => {
  const queue = queueFor(sqs, call, "ChangeMessageVisibility");
  changeOne(sqs, queue, call.input);
  return {};
};

const changeMessageVisibilityBatch: Operation = (sqs, call) => {
  const queue = queueFor(sqs, call, "ChangeMessageVisibility");
  return eachEntry(batchEntries(call.input, "ChangeMessageVisibilityBatchRequestEntry"), (entry) => {
    changeOne(sqs, queue, entry);
    return {};
  });
};

function changeOne(sqs: Sqs, queue: Queue, input: Input): void {
  const seconds = requiredNumber(input, "VisibilityTimeout", 0, 43_200);
  sqs.engine.changeVisibility(queue, requiredText(input, "ReceiptHandle"), seconds);
}

export const messageOperations: Record<string, Operation> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
};
