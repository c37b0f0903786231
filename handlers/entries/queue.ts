import type { Context } from "aws-lambda";
import { createSqsClient } from "../aws/clients";
import { createDeadLetters } from "../aws/deadLetters";
import { createRetries } from "../aws/retries";
import type { InvocationJournal } from "./journal";
import {
  perMessage,
  type BatchResponse,
  type DeadLetters,
  type MessageContext,
  type QueueRecord,
  type Retries,
} from "./perMessage";
import { text, wholeNumber } from "./environment";

/**
 * The handler of a function behind an event source mapping of SQS: `work` once per message, `atOnce` of them at the
 * same time, and the journal's metrics written at the end of each invocation.
 */
export function queueHandler(
  journal: InvocationJournal,
  atOnce: number,
  work: (body: unknown, context: MessageContext) => Promise<void>,
): (event: { Records: QueueRecord[] }, context: Context) => Promise<BatchResponse> {
  const workBatch = perMessage(work, { journal, atOnce, retries: retries(), deadLetters: deadLetters() });
  return async (event, context) => {
    journal.begin(context);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SHARE * context.getRemainingTimeInMillis());
    });
    try {
      return await workBatch(event, late);
    } finally {
      clearTimeout(timer);
      journal.flush();
    }
  };
}

/** Of an invocation's time, for its messages. The rest is for reporting those that are not finished. */
const SHARE = 0.9;

/** Clients are made on first use: most execution environments never need them. */
function retries(): Retries {
  const queueUrl = text("QUEUE_URL");
  return {
    soon: (receiptHandle, context) => createRetries(createSqsClient(), queueUrl).soon(receiptHandle, context),
  };
}

function deadLetters(): DeadLetters {
  const queueUrl = text("DEAD_LETTER_QUEUE_URL");
  const maxReceiveCount = wholeNumber("MAX_RECEIVE_COUNT");
  return {
    maxReceiveCount,
    bury: (body, cause) => createDeadLetters(createSqsClient(), queueUrl).bury(body, cause),
  };
}
