import { eventsOf, type RecordChange } from "./announcing";
import { causeOf } from "./errors";
import type { ImageEvents, Journal } from "../ports";
import type { ImageEvent, Refusal } from "../records";

export interface ImageEventPorts {
  events: ImageEvents;
  deadLetters: ChangeLetters;
  journal: Pick<Journal, "note" | "failed">;
}
/** The queue for changes that no try can announce. */
export interface ChangeLetters {
  bury(stored: unknown, cause: Refusal & { messageId: string }): Promise<void>;
}

/** One change of the table, as its stream tells of it. */
export interface TableChange {
  /** By this number a change is reported as failed. */
  sequenceNumber: string;
  /** All that the stream tells, for the dead-letter queue. */
  stored: unknown;
  /** Throws where it is not the change of a record. */
  read(): RecordChange;
}

/**
 * Announces the changes of a batch, in their order. A change that the bus does not take is reported as failed: it comes
 * again, with all that come after it. One that no try can announce becomes a dead letter, so that it holds up none.
 */
export function imageEventProcess({ events, deadLetters, journal }: ImageEventPorts) {
  return async (changes: TableChange[]): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const failed = new Set<string>();
    const bury = async ({ sequenceNumber, stored }: TableChange, refusal: Refusal): Promise<void> => {
      journal.failed("a change cannot be announced", new Error(refusal.reason), { sequenceNumber });
      try {
        await deadLetters.bury(stored, { ...refusal, messageId: sequenceNumber });
      } catch (error) {
        journal.failed("dead letter not stored", error, { sequenceNumber });
        failed.add(sequenceNumber);
      }
    };

    const due: { change: TableChange; event: ImageEvent }[] = [];
    for (const change of changes) {
      try {
        due.push(...eventsOf(change.read()).map((event) => ({ change, event })));
      } catch (error) {
        await bury(change, { ...causeOf(error), poison: true });
      }
    }
    const refusals = due.length > 0 ? await events.put(...due.map(({ event }) => event)) : [];
    for (const [index, { change, event }] of due.entries()) {
      const refusal = refusals[index];
      if (refusal?.poison) {
        await bury(change, refusal);
      } else if (refusal) {
        failed.add(change.sequenceNumber);
        journal.failed("an event was not taken", new Error(refusal.reason), { name: event.detail.object, ...refusal });
      } else {
        const { object: name, eventId } = event.detail;
        journal.note(`${name}: announced as ${event.name}`, { name, eventId });
      }
    }
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
