import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { xmlText } from "./xmlText";

/** A message's id, and why it failed for the last time. */
interface Failure {
  messageId: string;
  cause: string;
  reason: string;
  poison: boolean;
}

/**
 * A dead-letter queue whose messages carry the cause of their failure in the message attributes `Cause` (by which
 * `npm run redrive` groups), `Reason`, `Poison` and `FailedMessageId`. The body stays as it was. Needs `sqs:SendMessage`.
 */
export function createDeadLetters(sqs: Pick<SQSClient, "send">, queueUrl: string) {
  return {
    async bury(body: string, { cause, reason, poison, messageId }: Failure): Promise<void> {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: {
            Cause: text(cause),
            Reason: text(reason),
            Poison: text(String(poison)),
            FailedMessageId: text(messageId),
          },
        }),
      );
    },
  };
}

/** SQS refuses control characters in an attribute's value, and empty values. */
function text(value: string): { DataType: "String"; StringValue: string } {
  return { DataType: "String", StringValue: xmlText(value.slice(0, 1_000)) || "unknown" };
}
