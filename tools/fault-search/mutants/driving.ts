import { handlers, type Handlers } from "../world/deployedHandlers";
import type { Mutant } from "./mutant";

type PerMessage = Handlers["perMessage"];

function driving(
  about: Omit<Mutant, "load">,
  change: (perMessage: PerMessage, strike: () => void) => PerMessage,
): Mutant {
  return { ...about, load: (strike) => ({ ...handlers, perMessage: change(handlers.perMessage, strike) }) };
}

/** Mistakes in the driver that runs a function once per message. */
export const drivingMutants: Mutant[] = [
  driving(
    { name: "failures-unreported", mistake: "a failed message counts as finished" },
    (perMessage, strike) => (work, options) => {
      const invoke = perMessage(work, options);
      return async (event) => {
        const { batchItemFailures } = await invoke(event);
        if (batchItemFailures.length > 0) strike();
        return { batchItemFailures: [] };
      };
    },
  ),
  driving({ name: "buried-at-once", mistake: "every failure makes a dead letter at once" }, (perMessage, strike) =>
    buryingAfter(1, perMessage, strike),
  ),
  driving(
    { name: "buried-after-two", mistake: "a message becomes a dead letter after two receives" },
    (perMessage, strike) => buryingAfter(2, perMessage, strike),
  ),
  driving(
    { name: "buried-and-reported", mistake: "a message that is a dead letter is reported as failed too" },
    (perMessage, strike) => (work, options) => {
      const buried: string[] = [];
      const { deadLetters } = options;
      const invoke = perMessage(work, {
        ...options,
        deadLetters: {
          ...deadLetters,
          bury: async (body, cause) => {
            await deadLetters.bury(body, cause);
            strike();
            buried.push(cause.messageId);
          },
        },
      });
      return async (event) => {
        const { batchItemFailures } = await invoke(event);
        return { batchItemFailures: [...batchItemFailures, ...buried.map((itemIdentifier) => ({ itemIdentifier }))] };
      };
    },
  ),
  driving({ name: "poison-retried", mistake: "poison is tried as often as anything else" }, (perMessage, strike) => {
    return (work, options) =>
      perMessage(
        (body, context) =>
          work(body, context).catch((error: unknown) => {
            if (error instanceof Error && error.name === "PoisonMessage") {
              strike();
              error.name = "Error";
            }
            throw error;
          }),
        options,
      );
  }),
  driving(
    { name: "never-soon", mistake: "a failure that was caught comes back only after the visibility timeout" },
    (perMessage, strike) => (work, options) =>
      perMessage(work, { ...options, retries: { soon: () => Promise.resolve().then(strike) } }),
  ),
  driving(
    { name: "never-given-up", mistake: "an image stays PROCESSING while it is tried for the last time" },
    (perMessage, strike) => (work, options) =>
      perMessage((body, context) => {
        if (context.lastTry) strike();
        return work(body, { ...context, lastTry: false });
      }, options),
  ),
  driving(
    { name: "receives-uncounted", mistake: "a message that comes again counts as received for the first time" },
    (perMessage, strike) => (work, options) =>
      perMessage((body, context) => {
        if (context.receiveCount > 1) strike();
        return work(body, { ...context, receiveCount: 1 });
      }, options),
  ),
  driving({ name: "never-buried", mistake: "SQS makes every dead letter, without its cause" }, (perMessage, strike) =>
    buryingAfter(Infinity, perMessage, strike),
  ),
  driving(
    { name: "neighbours-fail", mistake: "one failed message fails its batch" },
    (perMessage, strike) => (work, options) => {
      const invoke = perMessage(work, options);
      return async (event) => {
        const { batchItemFailures } = await invoke(event);
        if (batchItemFailures.length === 0) return { batchItemFailures };
        strike();
        return { batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      };
    },
  ),
  driving({ name: "all-at-once", mistake: "a whole batch is worked on at once" }, (perMessage, strike) => {
    return (work, options) => {
      const invoke = perMessage(work, { ...options, atOnce: 10 });
      return (event) => {
        if (event.Records.length > options.atOnce) strike();
        return invoke(event);
      };
    };
  }),
];

function buryingAfter(maxReceiveCount: number, perMessage: PerMessage, strike: () => void): PerMessage {
  return (work, options) => {
    strike();
    return perMessage(work, { ...options, deadLetters: { ...options.deadLetters, maxReceiveCount } });
  };
}
