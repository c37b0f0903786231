import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Queue } from "../ports";
import { asciiJson } from "./asciiJson";
import { batches } from "./batches";

/** An SQS queue whose messages are ASCII JSON. Needs `sqs:SendMessage`. */
export function createQueue<Message>(sqs: Pick<SQSClient, "send">, queueUrl: string): Queue<Message> {
  return {
    async send(...messages) {
      // Ten of these messages, with a name of 1,024 bytes each, are far below the 1 MiB that a batch may have.
      for (const batch of batches(messages, 10)) {
        const Entries = batch.map((message, index) => ({ Id: String(index), MessageBody: asciiJson(message) }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
        // A batch of which a part failed is answered with 200, and the SDK does not repeat it.
        const [first] = Failed;
        if (first) {
          const text = `SQS did not take ${Failed.length} of ${batch.length} messages: ${first.Code}: ${first.Message}`;
          throw Object.assign(new Error(text), { name: "MessagesNotSent" });
        }
      }
    },
  };
}
