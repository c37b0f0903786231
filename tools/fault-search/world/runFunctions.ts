import type { Journal, JournalLine } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import type { Actor } from "./actors";
import { inspect, limits, makeRenditions } from "./simulatedImages";
import { simulatedPorts } from "./simulatedPorts";
import { consumers, MAX_RECEIVES, type Message, type QueueName } from "./stores/queues";
import type { World } from "./world";

/** How many messages of a batch a function works on at the same time. */
const AT_ONCE = 2;

/** Everything that any function needs, as its composition would wire it. */
function portsOf(world: World, actor: Actor) {
  const send = (queue: QueueName, body: string) => world.send(queue, body, { from: actor });
  return {
    ...simulatedPorts(world.stores, world.performFor(actor), send),
    inspect,
    limits,
    makeRenditions,
    imageTypes: world.imageTypes,
    clock: { now: world.now },
    journal: journalOf(world, actor),
  };
}

function journalOf(world: World, actor: Actor): Journal {
  return {
    finished: ({ outcome, name, reason }: JournalLine) =>
      world.note(actor, `journal: ${outcome} ${name ?? ""}${reason === undefined ? "" : ` (${reason})`}`),
    note: (message) => world.note(actor, `journal: ${message}`),
    failed: (message, error) => world.note(actor, `journal: ${message}: ${String(error)}`),
  };
}

/** Invokes the function behind a queue with a batch of its messages. */
export function startDelivery(world: World, queue: QueueName, messages: Message[]): void {
  const { functionName, handler } = consumers[queue];
  const actor = world.newActor(functionName, messages);
  for (const message of messages) world.queues.receive(message, actor.id);
  world.note(actor, `receives ${messages.map((m) => `message ${m.id} (time ${m.receives})`).join(", ")}`);
  const ports = portsOf(world, actor);
  const { handlers } = world.options;
  const work = handlers[handler](ports);
  const invoke = handlers.perMessage(work, {
    journal: ports.journal,
    atOnce: AT_ONCE,
    deadLetters: {
      maxReceiveCount: MAX_RECEIVES,
      bury: (body, { messageId, cause }) =>
        world.performFor(actor)("deadLetters.bury", [messageId, cause], () =>
          world.queues.bury(Number(messageId), body),
        ),
    },
  });
  const records = messages.map(({ id, body, receives }) => ({
    messageId: String(id),
    body,
    attributes: { ApproximateReceiveCount: String(receives) },
  }));
  invoke({ Records: records }).then(
    ({ batchItemFailures }) => {
      const failures = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      world.answered(actor, ({ id }) => failures.has(String(id)));
    },
    () => world.answered(actor, () => true),
  );
}

/** Invokes the function behind `DELETE /raw/{object}`. */
export function startDeletion(world: World, name: string): Promise<RawRecord | undefined> {
  const actor = world.newActor("RawImageDeleteProcess");
  return new Promise((resolve, reject) => {
    actor.onDeath = reject;
    world.options.handlers
      .rawImageDeleteProcess(portsOf(world, actor))(name)
      .then(
        (record) => {
          world.answered(actor, () => false);
          resolve(record);
        },
        (error: unknown) => {
          world.answered(actor, () => true);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
  });
}
