import type { MessageContext } from "../../../handlers/entries/perMessage";
import type { Journal, JournalLine } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import type { Actor } from "./actors";
import { inspectUpload } from "./simulatedImages";
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
    inspectUpload,
    limits: world.limits,
    makeRenditions: world.makeRenditions,
    imageTypes: world.imageTypes,
    room: world.room.room,
    clock: world.clockOf(actor),
    journal: journalOf(world, actor),
  };
}

export function journalOf(world: World, actor: Actor): Journal {
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
  world.deliveries.starts(actor, messages);
  world.note(actor, `receives ${messages.map((m) => `message ${m.id} (time ${m.receives})`).join(", ")}`);
  const ports = portsOf(world, actor);
  const { handlers } = world.options;
  const work: (body: unknown, context: MessageContext) => Promise<void> = handlers[handler](ports);
  const oracle = world.deliveries;
  const messageOf = (id: string): Message => world.queues.message(Number(id));
  const watched = async (body: unknown, context: MessageContext): Promise<void> => {
    const message = messageOf(context.messageId);
    guarded(world, () => oracle.begins(actor, message, AT_ONCE, context.receiveCount));
    try {
      await work(body, context);
      oracle.ends(actor, message, "done");
    } catch (error) {
      oracle.ends(actor, message, "failed");
      throw error;
    }
  };
  const invoke = handlers.perMessage(watched, {
    journal: ports.journal,
    atOnce: AT_ONCE,
    retries: {
      soon: (_, { messageId }) => {
        const message = messageOf(messageId);
        oracle.hurries(actor, message);
        return world.performFor(actor)("queue.retrySoon", [messageId], () => world.queues.release(message, actor.id));
      },
    },
    deadLetters: {
      maxReceiveCount: MAX_RECEIVES,
      bury: async (body, { messageId, cause }) => {
        const message = messageOf(messageId);
        guarded(world, () => oracle.buries(actor, message));
        await world.performFor(actor)("deadLetters.bury", [messageId, cause], () => world.queues.bury(message, body));
        oracle.buried(actor, message);
      },
    },
  });
  const records = messages.map(({ id, body, receives }) => ({
    messageId: String(id),
    receiptHandle: `${id} of ${actor.id}`,
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

/** A violation inside a handler's own call must not look like a failure of the handler. */
export function guarded(world: World, check: () => void): void {
  try {
    check();
  } catch (error) {
    world.fail(error as Error);
  }
}

/** Invokes the function behind `DELETE /raw/{object}`. */
export function startDeletion(world: World, name: string, onOver: () => void): Promise<RawRecord | undefined> {
  const actor = world.newActor("RawImageDeleteProcess");
  actor.onOver = onOver;
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

/** Invokes the function behind the schedule. */
export function startSweep(world: World): void {
  const actor = world.newActor("SweepProcess");
  const over = () => world.answered(actor, () => false);
  const run = world.options.handlers.sweepProcess(portsOf(world, actor))();
  run.then(() => world.sweeps.ends()).then(over, over);
}
