import { causeOf, type Cause } from "../protocol/errors";
import type { Journal } from "../ports";

/** The part of an SQS record that is used here. */
export interface QueueRecord {
  messageId: string;
  /** Of this receive. */
  receiptHandle: string;
  body: string;
  attributes?: { ApproximateReceiveCount?: string };
}
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}
export interface MessageContext {
  messageId: string;
  /** How often this message was received, this time included. */
  receiveCount: number;
  /** Whether the message becomes a dead letter when this try fails, or the function dies. */
  lastTry: boolean;
}
export interface PerMessageOptions {
  journal: Pick<Journal, "failed">;
  /** How many messages of a batch are worked on at the same time; the function's memory bounds it. */
  atOnce: number;
  retries: Retries;
  deadLetters: DeadLetters;
}

/** The source queue, which delivers a failed message again. */
export interface Retries {
  /** Brings a message's next delivery forward, which would come after the queue's visibility timeout. */
  soon(receiptHandle: string, context: MessageContext): Promise<void>;
}

/** The queue for messages whose last try has failed. */
export interface DeadLetters {
  /** After this many receives SQS moves a message by itself. */
  maxReceiveCount: number;
  /** Stores a message with the cause of its failure. */
  bury(body: string, cause: Cause & MessageContext): Promise<void>;
}

/**
 * Runs `work` on the body of every message of a batch, and reports the failed ones back to SQS, which delivers them
 * again: soon where the failure was caught here, after the queue's visibility timeout where the function died. One bad
 * message never fails its neighbours.
 *
 * After the last failed try, and at once where no try can succeed (poison), the function moves the message to the
 * dead-letter queue itself, because SQS would do so without the cause. Where the function dies before that, SQS moves
 * the message.
 */
export function perMessage(
  work: (body: unknown, context: MessageContext) => Promise<void>,
  { journal, atOnce, retries, deadLetters }: PerMessageOptions,
): (event: { Records: QueueRecord[] }) => Promise<BatchResponse> {
  // Declared before its use: Pulumi cannot serialise a constant that is declared further down.
  const bury = async (body: string, cause: Cause & MessageContext): Promise<boolean> => {
    try {
      await deadLetters.bury(body, cause);
      return true;
    } catch (error) {
      journal.failed("dead letter not stored with its cause", error, { messageId: cause.messageId });
      return false; // SQS moves it, without the cause
    }
  };
  const retrySoon = async (receiptHandle: string, context: MessageContext): Promise<void> => {
    try {
      await retries.soon(receiptHandle, context);
    } catch (error) {
      journal.failed("retry not brought forward", error, { ...context }); // it comes after the visibility timeout
    }
  };
  const isDone = async ({ messageId, receiptHandle, body, attributes }: QueueRecord): Promise<boolean> => {
    const receiveCount = Number(attributes?.ApproximateReceiveCount ?? 1);
    const context = { messageId, receiveCount, lastTry: receiveCount >= deadLetters.maxReceiveCount };
    try {
      await work(JSON.parse(body), context);
      return true;
    } catch (error) {
      const cause = causeOf(error);
      journal.failed("message failed", error, { ...context, cause: cause.cause, body: body.slice(0, 2_000) });
      if (cause.poison || context.lastTry) {
        return bury(body, { ...cause, ...context });
      }
      await retrySoon(receiptHandle, context);
      return false;
    }
  };
  return async (event) => {
    const waiting = [...event.Records];
    const batchItemFailures: BatchResponse["batchItemFailures"] = [];
    const worker = async () => {
      for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
        if (!(await isDone(record))) batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { batchItemFailures };
  };
}
