import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Queue } from "../ports";

/** An SQS queue whose messages are JSON. Needs `sqs:SendMessage`. */
export function createQueue<Message>(sqs: Pick<SQSClient, "send">, queueUrl: string): Queue<Message> {
  return {
    async send(message) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
    },
  };
}
