import { join } from "node:path";

import { type CauseGroup, type DeadLetter, groupByCause, letGo, moveBack, takeDeadLetters } from "./deadLetters";
import { deployedQueues, localQueues } from "./queues";

/** The flags of `snail redrive`. */
export interface RedriveFlags {
  stack: string;
  local: boolean;
  /** Default: `.local/<stack>`. */
  data?: string;
  cause?: string;
  move: boolean;
}

const root = join(__dirname, "../../..");

function textOf({ queue, cause, poison, letters }: CauseGroup): string {
  const [example] = letters;
  const oldest = new Date(Math.min(...letters.map(({ sentAt }) => sentAt.getTime()))).toISOString();
  return [
    `${letters.length} × ${cause}${poison ? " (poison)" : ""} in ${queue}, the oldest since ${oldest}`,
    `    ${example?.reason ?? ""}`,
    `    for example ${example?.body.slice(0, 300) ?? ""}`,
  ].join("\n");
}

/** Replaces ECONNREFUSED by a hint to start the service. */
function explained(error: unknown, startHint: string | undefined): unknown {
  const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
  return refused && startHint !== undefined ? new Error(startHint) : error;
}

/** Lists the dead letters of a stack, and moves those of one cause back where that is asked for. */
export async function run({ stack, local, cause, move, ...flags }: RedriveFlags): Promise<void> {
  const data = flags.data ?? join(root, ".local", stack);
  const { sqs, queues, startHint } = local ? localQueues(data) : deployedQueues(stack);
  const letters: DeadLetter[] = [];
  const moved = new Set<DeadLetter>();
  try {
    // Each queue is waited for a second at its end. Messages that were taken are let go even when another queue fails.
    const taken = await Promise.allSettled(queues.map((queue) => takeDeadLetters(sqs, queue)));
    letters.push(...taken.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
    const failed = taken.find((result) => result.status === "rejected");
    if (failed) throw explained(failed.reason, startHint);
    const groups = groupByCause(letters);
    if (groups.length === 0) console.log("No dead letters.");
    for (const group of groups) console.log(textOf(group));

    const chosen = letters.filter((letter) => letter.cause === cause);
    if (cause !== undefined && chosen.length === 0) throw new Error(`no dead letter has the cause "${cause}"`);
    const mendable = chosen.filter(({ poison }) => !poison);
    for (const letter of move ? mendable : []) {
      await moveBack(sqs, letter);
      moved.add(letter);
    }
    if (cause !== undefined) {
      const poison = chosen.length - mendable.length;
      const verb = move ? "Moved" : "Would move";
      console.log(
        `\n${verb} ${mendable.length} back${poison ? `; ${poison} poison stay` : ""}.${move ? "" : " Add --move to do it."}`,
      );
    }
  } finally {
    for (const letter of letters) if (!moved.has(letter)) await letGo(sqs, letter);
  }
}
