import { causeOf, namedError, type Cause } from "../protocol/errors";
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
 * Messages that failed before are tried after the others, one at a time. Where `late` resolves, messages that are not
 * finished fail, so that the finished ones are acknowledged before Lambda stops the function.
 *
 * After the last failed try, and at once where no try can succeed (poison), the function moves the message to the
 * dead-letter queue itself, because SQS would do so without the cause. Where the function dies before that, SQS moves
 * the message.
 */
export function perMessage(
  work: (body: unknown, context: MessageContext) => Promise<void>,
  { journal, atOnce, retries, deadLetters }: PerMessageOptions,
): (event: { Records: QueueRecord[] }, late?: Promise<void>) => Promise<BatchResponse> {
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
  const receivesOf = ({ attributes }: QueueRecord): number => Number(attributes?.ApproximateReceiveCount ?? 1);
  const isDone = async (record: QueueRecord, time: Time): Promise<boolean> => {
    const { messageId, receiptHandle, body } = record;
    const receiveCount = receivesOf(record);
    const context = { messageId, receiveCount, lastTry: receiveCount >= deadLetters.maxReceiveCount };
    try {
      await (time.isOver ? time.over : Promise.race([work(JSON.parse(body), context), time.over]));
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
  return async ({ Records }, late = new Promise<void>(() => undefined)) => {
    const time: Time = {
      isOver: false,
      over: late.then(() => {
        time.isOver = true;
        throw namedError("OutOfTime", "the message was not finished before its function's time was nearly over");
      }),
    };
    time.over.catch(() => undefined); // where all is finished before
    const batchItemFailures: BatchResponse["batchItemFailures"] = [];
    const workOn = async (records: QueueRecord[], most: number): Promise<void> => {
      const waiting = [...records];
      const worker = async () => {
        for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
          if (!(await isDone(record, time))) batchItemFailures.push({ itemIdentifier: record.messageId });
        }
      };
      await Promise.all(Array.from({ length: most }, worker));
    };
    await workOn(
      Records.filter((record) => receivesOf(record) === 1),
      atOnce,
    );
    await workOn(
      Records.filter((record) => receivesOf(record) > 1),
      1,
    );
    return { batchItemFailures };
  };
}

/** Of an invocation. */
interface Time {
  isOver: boolean;
  /** Rejects when it is over. */
  over: Promise<never>;
}
