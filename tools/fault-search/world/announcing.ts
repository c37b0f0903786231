import type { ImageEvents } from "../../../handlers/ports";
import type { ImageEvent, Refusal } from "../../../handlers/records";
import { PARTLY_FAILED } from "./actors";
import { guarded, journalOf } from "./runFunctions";
import type { Perform } from "./simulatedPorts";
import type { Shard } from "./stores/recordStream";
import type { World } from "./world";

/** Entries of one request: few, so that many requests are full. */
const MOST_ENTRIES = 2;
const refused: Refusal = { cause: PARTLY_FAILED, reason: "InternalFailure", poison: false };

/** Invokes the function behind the table's stream with the next changes of an item. */
export function startAnnouncing(world: World, shard: Shard, most: number): void {
  const changes = shard.waiting.slice(0, most);
  const actor = world.newActor("ImageEventProcess");
  const perform = world.performFor(actor);
  const oracle = world.announcements;
  shard.isRead = true;
  actor.onOver = () => (shard.isRead = false);
  world.note(actor, `reads changes ${changes.map(({ sequenceNumber }) => sequenceNumber).join(", ")}`);
  const announce = world.options.handlers.imageEventProcess({
    events: simulatedEvents(perform, (event) => guarded(world, () => oracle.announces(changes, event))),
    deadLetters: {
      bury: (_, { messageId }) => perform("deadLetters.bury", [messageId], () => oracle.buries(messageId)),
    },
    journal: journalOf(world, actor),
  });
  const read = changes.map((stored) => ({
    sequenceNumber: stored.sequenceNumber,
    stored,
    read: () => {
      if (stored.unreadable) throw new TypeError("not a record");
      return stored;
    },
  }));
  announce(read).then(
    ({ batchItemFailures: [failure] }) => {
      if (actor.state !== "live") return;
      const end = failure ? changes.findIndex((change) => change.sequenceNumber === failure.itemIdentifier) : most;
      // A batch is delivered again where Lambda forgets how far it came.
      if (!world.deliversAgain()) shard.waiting.splice(0, end);
      world.answered(actor, () => false);
    },
    () => world.answered(actor, () => true),
  );
}

/** The bus takes events in requests of a few entries, and may refuse a part of each. */
function simulatedEvents(perform: Perform, announce: (event: ImageEvent) => void): ImageEvents {
  return {
    async put(...events) {
      const outcomes: (Refusal | undefined)[] = [];
      for (let from = 0; from < events.length && !outcomes.includes(refused); from += MOST_ENTRIES) {
        const entries = events.slice(from, from + MOST_ENTRIES);
        const taken = await perform("events.put", entries, (most = entries.length) => {
          entries.slice(0, most).forEach(announce);
          return entries.map((_, index) => (index < most ? undefined : refused));
        });
        outcomes.push(...taken);
      }
      return events.map((_, index) => (index < outcomes.length ? outcomes[index] : refused));
    },
  };
}
