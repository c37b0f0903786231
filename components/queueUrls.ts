import type * as pulumi from "@pulumi/pulumi";

import type { QueuePair } from "./queueFunction";

type Urls<Name extends string> = Record<Name, pulumi.Output<string>>;

/** The URLs of queues and of their dead-letter queues, by name. */
export function urlsOf<Name extends string>(
  queues: Record<Name, QueuePair>,
): { queueUrls: Urls<Name>; deadLetterQueueUrls: Urls<Name> } {
  const entries = Object.entries<QueuePair>(queues);
  return {
    queueUrls: Object.fromEntries(entries.map(([name, { queue }]) => [name, queue.url])) as Urls<Name>,
    deadLetterQueueUrls: Object.fromEntries(
      entries.map(([name, { deadLetterQueue }]) => [name, deadLetterQueue.url]),
    ) as Urls<Name>,
  };
}
