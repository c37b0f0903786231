import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";

/**
 * Brings the next delivery of a message forward to 20–60 seconds × the number of its receives: soon enough for a person
 * who waits, late enough for a throttled service, and spread, so that messages that failed together do not come together.
 * Needs `sqs:ChangeMessageVisibility`.
 */
export function createRetries(sqs: Pick<SQSClient, "send">, queueUrl: string, random = Math.random) {
  return {
    async soon(receiptHandle: string, { receiveCount }: { receiveCount: number }): Promise<void> {
      const seconds = Math.min(Math.round((20 + 40 * random()) * receiveCount), MOST_SECONDS);
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MOST_SECONDS = 43_200;
