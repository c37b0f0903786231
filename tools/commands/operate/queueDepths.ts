import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

import type { QueuePair } from "../redrive/deadLetters";

/** Messages of a queue, as far as SQS knows: it counts some servers only. */
export interface QueueDepth {
  name: string;
  waiting: number;
  /** Received, and neither finished nor given back yet. */
  inFlight: number;
  deadLetters: number;
}

/** The depths of a stack's queues. */
export function queueDepths(sqs: Pick<SQSClient, "send">, queues: readonly QueuePair[]): Promise<QueueDepth[]> {
  const countsOf = async (url: string): Promise<[visible: number, inFlight: number]> => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return [
      Number(Attributes.ApproximateNumberOfMessages ?? 0),
      Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    ];
  };
  return Promise.all(
    queues.map(async ({ name, url, deadLetterUrl }) => {
      const [waiting, inFlight] = await countsOf(url);
      // Letters that are looked at just now are hidden.
      const [visible, hidden] = await countsOf(deadLetterUrl);
      return { name, waiting, inFlight, deadLetters: visible + hidden };
    }),
  );
}
