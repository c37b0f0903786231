import type { SQSClient } from "@aws-sdk/client-sqs";

import type { ConsoleDeadLetters } from "../../console";
import { groupByCause, mayBeDeleted, type QueuePair, withDeadLetters } from "./deadLetters";

/** Dead letters by cause, for the console. One look ends before the next begins: each hides the letters from others. */
export function causesOf(sqs: Pick<SQSClient, "send">, queues: readonly QueuePair[]): ConsoleDeadLetters {
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
        for (const letter of able) await acts[act](letter);
        return able.length;
      }),
  };
}
