import type { Context } from "aws-lambda";
import { asciiJson } from "../aws/asciiJson";
import { createEventBridgeClient, createSqsClient } from "../aws/clients";
import { createDeadLetters } from "../aws/deadLetters";
import { createImageEvents } from "../aws/imageEvents";
import { recordChange, type StreamRecord } from "../aws/recordChange";
import { createJournal } from "./journal";
import { imageEventProcess, type ChangeLetters } from "../protocol/imageEventProcess";
import { text } from "./environment";
import type { BatchResponse } from "./perMessage";

/** `ImageEventProcess`: announces what the table's stream tells on the stack's event bus. */
export function createImageEventProcess() {
  const journal = createJournal();
  const announce = imageEventProcess({
    events: createImageEvents(createEventBridgeClient(), text("EVENT_BUS_NAME"), process.env.DELIVERY_URL),
    deadLetters: changeLetters(text("DEAD_LETTER_QUEUE_URL")),
    journal,
  });
  return async (event: { Records: StreamRecord[] }, context: Context): Promise<BatchResponse> => {
    journal.begin(context);
    return announce(
      event.Records.map((stored) => ({
        sequenceNumber: stored.dynamodb.SequenceNumber,
        stored,
        read: () => recordChange(stored),
      })),
    );
  };
}

/** The client is made on first use: hardly an execution environment ever needs it. */
function changeLetters(queueUrl: string): ChangeLetters {
  return {
    bury: (stored, cause) => createDeadLetters(createSqsClient(), queueUrl).bury(asciiJson(stored), cause),
  };
}
