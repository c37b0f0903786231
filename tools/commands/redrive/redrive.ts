import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { WrongCall } from "../support/wrongCall";
import {
  type CauseGroup,
  type DeadLetter,
  groupByCause,
  letGo,
  moveBack,
  namesIn,
  remove,
  takeDeadLetters,
} from "./deadLetters";
import { deployedQueues, localQueues } from "./queues";

/** The flags of `snail redrive`. */
export interface RedriveFlags {
  stack: string;
  local: boolean;
  /** Default: `.local/<stack>`. */
  data?: string;
  cause?: string;
  /** Name of an image. */
  object?: string;
  move: boolean;
  /** Deletes what may be deleted, `yes` without asking. */
  delete: boolean;
  yes: boolean;
  json: boolean;
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

/** Lists the dead letters of a stack; moves those that were chosen back, or deletes them, where that is asked for. */
export async function run(flags: RedriveFlags): Promise<void> {
  const data = flags.data ?? join(root, ".local", flags.stack);
  const { sqs, queues, startHint } = flags.local ? localQueues(data) : deployedQueues(flags.stack);
  const letters: DeadLetter[] = [];
  const gone = new Set<DeadLetter>();
  try {
    // Each queue is waited for a second at its end. Messages that were taken are let go even when another queue fails.
    const taken = await Promise.allSettled(queues.map((queue) => takeDeadLetters(sqs, queue)));
    letters.push(...taken.flatMap((result) => (result.status === "fulfilled" ? result.value : [])));
    const failed = taken.find((result) => result.status === "rejected");
    if (failed) throw explained(failed.reason, startHint);
    const chosen = letters.filter((letter) => isChosen(flags, letter));
    const groups = groupByCause(chosen);
    if (flags.json) {
      console.log(JSON.stringify(groups.map(jsonOf), undefined, 2));
      return;
    }
    if (letters.length === 0) console.log("No dead letters.");
    else if (chosen.length === 0) throw new Error(`no dead letter ${choice(flags)}`);
    for (const group of groups) console.log(textOf(group));
    if (chosen.length === letters.length && !isChoice(flags)) return;

    const able = chosen.filter(flags.delete ? mayBeDeleted : ({ poison }) => !poison);
    if (flags.delete && able.length > 0 && !flags.yes) await confirm(able.length);
    if (flags.move || flags.delete)
      for (const letter of able) {
        await (flags.move ? moveBack(sqs, letter) : remove(sqs, letter));
        gone.add(letter);
      }
    console.log(`\n${outcome(flags, able.length, chosen.length - able.length)}`);
  } finally {
    for (const letter of letters) if (!gone.has(letter)) await letGo(sqs, letter);
  }
}

const isChoice = ({ cause, object }: RedriveFlags): boolean => cause !== undefined || object !== undefined;

const isChosen = ({ cause, object }: RedriveFlags, letter: DeadLetter): boolean =>
  (cause ?? letter.cause) === letter.cause && (object === undefined || namesIn(letter.body).includes(object));

const choice = ({ cause, object }: RedriveFlags): string =>
  [
    ...(cause === undefined ? [] : [`has the cause "${cause}"`]),
    ...(object === undefined ? [] : [`is about "${object}"`]),
  ].join(" and ");

/**
 * Poison, and letters that ask for renditions: their last try has recorded `FAILED`. What else is deleted would come back, since
 * the sweep finds what it was about.
 */
const mayBeDeleted = ({ poison, queue }: DeadLetter): boolean =>
  poison || queue.name === "PutResolutionBasedImageQueue";

function outcome({ move, delete: deletes }: RedriveFlags, done: number, others: number): string {
  if (deletes)
    return `Deleted ${done}.${others > 0 ? ` ${others} stay: move them back, the sweep would find them again.` : ""}`;
  const stay = others > 0 ? `; ${others} poison stay` : "";
  return move ? `Moved ${done} back${stay}.` : `Would move ${done} back${stay}. Add --move to do it.`;
}

/** @throws WrongCall where the answer is not yes, or nothing can answer */
async function confirm(count: number): Promise<void> {
  if (!process.stdin.isTTY) throw new WrongCall("nothing was deleted: add --yes where nothing can answer");
  const asks = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asks.question(`Delete ${count} for good? Type yes: `);
  asks.close();
  if (answer.trim() !== "yes") throw new WrongCall("nothing was deleted");
}

const jsonOf = ({ queue, cause, poison, letters }: CauseGroup): object => ({
  queue,
  cause,
  poison,
  letters: letters.map(({ body, reason, sentAt }) => ({ names: namesIn(body), body, reason, since: sentAt })),
});
