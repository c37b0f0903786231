import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Queue } from "../ports";

/** An SQS queue whose messages are ASCII JSON. Needs `sqs:SendMessage`. */
export function createQueue<Message>(sqs: Pick<SQSClient, "send">, queueUrl: string): Queue<Message> {
  return {
    async send(message) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: asciiJson(message) }));
    },
  };
}

/**
 * JSON with every character beyond ASCII escaped, because SQS refuses some of them:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
