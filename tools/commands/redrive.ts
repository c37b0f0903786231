import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import {
  type CauseGroup,
  type DeadLetter,
  groupByCause,
  letGo,
  moveBack,
  permissions,
  takeDeadLetters,
} from "./redrive/deadLetters";
import { deployedQueues, localQueues } from "./redrive/queues";

const usage = `Lists dead letters by cause, and moves those of one cause back to their queue.

  npm run redrive -- [--stack S] [--local [--data DIR]] [--cause CAUSE [--move]]

  --stack  whose queues                                           default: dev
  --local  those of the service that npm start runs here, not AWS's
  --data   its data folder                                        default: .local/<stack>
  --cause  only letters of this cause
  --move   move them back; without it nothing is changed. Poison is never moved: no retry can mend it.

Permissions: ${permissions.slice(0, 3).join(", ")} on the dead-letter queues,
${permissions.slice(3).join(", ")} on their source queues; and whatever your Pulumi backend asks for reading outputs.`;

interface Flags {
  stack: string;
  local: boolean;
  data: string;
  cause: string | undefined;
  move: boolean;
}

function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", default: "dev" },
      local: { type: "boolean", default: false },
      data: { type: "string" },
      cause: { type: "string" },
      move: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { stack, local, cause, move } = values;
  if (move && cause === undefined) throw new Error("--move needs --cause: what failed for another reason stays");
  if (values.data !== undefined && !local) throw new Error("--data goes with --local");
  return { stack, local, cause, move, data: resolve(values.data ?? join(__dirname, "../..", ".local", stack)) };
}

function describe({ queue, cause, poison, letters }: CauseGroup): string {
  const [example] = letters;
  const oldest = new Date(Math.min(...letters.map(({ sentAt }) => sentAt.getTime()))).toISOString();
  return [
    `${letters.length} × ${cause}${poison ? " (poison)" : ""} in ${queue}, the oldest since ${oldest}`,
    `    ${example?.reason ?? ""}`,
    `    for example ${example?.body.slice(0, 300) ?? ""}`,
  ].join("\n");
}

/** A service that is not there is no mystery. */
function explained(error: unknown, startHint: string | undefined): unknown {
  const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
  return refused && startHint !== undefined ? new Error(startHint) : error;
}

async function main(): Promise<void> {
  const { stack, local, data, cause, move } = readFlags(process.argv.slice(2));
  const { sqs, queues, startHint } = local ? localQueues(data) : deployedQueues(stack);
  const letters: DeadLetter[] = [];
  const moved = new Set<DeadLetter>();
  try {
    // Each queue is waited for a second at its end. What was taken is let go even when another queue fails.
    const taken = await Promise.allSettled(queues.map((queue) => takeDeadLetters(sqs, queue)));
    letters.push(...taken.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
    const failed = taken.find((result) => result.status === "rejected");
    if (failed) throw explained(failed.reason, startHint);
    const groups = groupByCause(letters);
    if (groups.length === 0) console.log("No dead letters.");
    for (const group of groups) console.log(describe(group));

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

main().catch((error: unknown) => {
  console.error(`npm run redrive: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
