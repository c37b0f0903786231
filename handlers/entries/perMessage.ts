import { causeOf, type Cause } from "../protocol/errors";
import type { Journal } from "../ports";

/** The part of an SQS record that is used here. */
export interface QueueRecord {
  messageId: string;
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
}
export interface PerMessageOptions {
  journal: Pick<Journal, "failed">;
  /** How many messages of a batch are worked on at the same time; the function's memory bounds it. */
  atOnce: number;
  deadLetters: DeadLetters;
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
 * again. One bad message never fails its neighbours. A body that is not JSON is a failure like any other.
 *
 * After the last failed try the function moves the message to the dead-letter queue itself, because SQS would do so
 * without the cause. Where the function dies before that, SQS moves the message.
 */
export function perMessage(
  work: (body: unknown, context: MessageContext) => Promise<void>,
  { journal, atOnce, deadLetters }: PerMessageOptions,
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
  const isDone = async ({ messageId, body, attributes }: QueueRecord): Promise<boolean> => {
    const context = { messageId, receiveCount: Number(attributes?.ApproximateReceiveCount ?? 1) };
    try {
      await work(JSON.parse(body), context);
      return true;
    } catch (error) {
      const cause = causeOf(error);
      journal.failed("message failed", error, { ...context, cause: cause.cause, body: body.slice(0, 2_000) });
      if (context.receiveCount < deadLetters.maxReceiveCount) return false;
      return bury(body, { ...cause, ...context });
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
