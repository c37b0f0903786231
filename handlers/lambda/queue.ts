import type { Context } from "aws-lambda";
import type { InvocationJournal } from "../journal";
import { perMessage, type BatchResponse, type MessageContext, type QueueRecord } from "../perMessage";

/**
 * The handler of a function behind an event source mapping of SQS: `work` once per message, `atOnce` of them at the
 * same time, and the journal's metrics written at the end of each invocation.
 */
export function queueHandler(
  journal: InvocationJournal,
  atOnce: number,
  work: (body: unknown, context: MessageContext) => Promise<void>,
): (event: { Records: QueueRecord[] }, context: Context) => Promise<BatchResponse> {
  const workBatch = perMessage(work, { journal, atOnce });
  return async (event, context) => {
    journal.begin(context);
    try {
      return await workBatch(event);
    } finally {
      journal.flush();
    }
  };
}
