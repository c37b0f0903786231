import type { Journal } from "./ports";

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
  /** How many messages of a batch are worked on at the same time: what the function's memory allows. */
  atOnce: number;
}

/**
 * Runs `work` on the body of every message of a batch, and reports the failed ones back to SQS, which delivers them
 * again and in the end moves them to the dead-letter queue. One bad message never fails its neighbours. A body that is
 * no JSON is a failure like any other: nothing is thrown away that nobody has read.
 */
export function perMessage(
  work: (body: unknown, context: MessageContext) => Promise<void>,
  { journal, atOnce }: PerMessageOptions,
): (event: { Records: QueueRecord[] }) => Promise<BatchResponse> {
  const succeeds = async ({ messageId, body, attributes }: QueueRecord): Promise<boolean> => {
    const receiveCount = Number(attributes?.ApproximateReceiveCount ?? 1);
    try {
      await work(JSON.parse(body), { messageId, receiveCount });
      return true;
    } catch (error) {
      journal.failed("message failed", error, {
        messageId,
        receiveCount,
        // One line that says why: what a dead letter's reason is looked up by.
        cause: causeOf(error),
        body: body.slice(0, 2_000),
      });
      return false;
    }
  };
  return async (event) => {
    const waiting = [...event.Records];
    const batchItemFailures: BatchResponse["batchItemFailures"] = [];
    const worker = async () => {
      for (let record = waiting.shift(); record !== undefined; record = waiting.shift()) {
        if (!(await succeeds(record))) batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { batchItemFailures };
  };
}

function causeOf(error: unknown): string {
  return error instanceof Object && "name" in error && "message" in error
    ? `${String(error.name)}: ${String(error.message)}`
    : String(error);
}
