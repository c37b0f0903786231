import type { ConsoleDeadLetters } from "../../console";
import { groupByCause, mayBeDeleted, withDeadLetters } from "./deadLetters";
import { giveUpOn } from "./giveUp";
import type { StackQueues } from "./queues";

/** Dead letters by cause, for the console. One look ends before the next begins: each hides the letters from others. */
export function causesOf({ sqs, queues, records }: StackQueues): ConsoleDeadLetters {
  let last: Promise<unknown> = Promise.resolve();
  const look: typeof withDeadLetters = (...given) => {
    const looking = last.then(() => withDeadLetters(...given));
    last = looking.catch(() => undefined);
    return looking;
  };
  return {
    list: () =>
      look(sqs, queues, (all) =>
        groupByCause(all).map(({ queue, cause, poison, letters }) => ({
          queue,
          cause,
          poison,
          letters: letters.length,
          reason: letters[0]?.reason ?? "",
          example: letters[0]?.body ?? "",
          since: new Date(Math.min(...letters.map(({ sentAt }) => sentAt.getTime()))).toISOString(),
          mayBeDeleted: letters.every(mayBeDeleted),
        })),
      ),
    settle: (queue, cause, act) =>
      look(sqs, queues, async (all, acts) => {
        const able = all
          .filter((letter) => letter.queue.name === queue && letter.cause === cause)
          .filter((letter) => (act === "delete" ? mayBeDeleted(letter) : !letter.poison));
        for (const letter of able) {
          if (act === "delete") await giveUpOn(records(), letter);
          await acts[act](letter);
        }
        return able.length;
      }),
  };
}
