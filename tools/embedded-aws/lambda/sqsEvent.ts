import { md5OfAttributes, type MessageAttributes } from "../sqs/messageAttributes";
import type { SqsMessage } from "../sqs/serviceCalls";

/**
 * The event that a function receives for a batch of messages, in the form of AWS's documentation. With a batching window
 * the digest of attributes is null where there are none; without, it is left out.
 */
export function sqsEvent(
  { queueArn, batchingWindowSeconds }: { queueArn: string; batchingWindowSeconds: number },
  messages: readonly SqsMessage[],
): { Records: object[] } {
  const noDigest = batchingWindowSeconds > 0 ? { md5OfMessageAttributes: null } : {};
  return { Records: messages.map((message) => ({ ...noDigest, ...recordOf(queueArn, message) })) };
}

function recordOf(queueArn: string, message: SqsMessage): object {
  const attributes = message.messageAttributes as MessageAttributes;
  const md5OfMessageAttributes = md5OfAttributes(attributes);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          ...(StringValue === undefined ? {} : { stringValue: StringValue }),
          ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    ...(md5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes }),
    md5OfBody: message.md5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3],
  };
}
