import { createInterface } from "node:readline/promises";

import { queueDepths } from "../operate/queueDepths";
import { dataFolder, type ServiceFlags } from "../support/chosenService";
import { WrongCall } from "../support/wrongCall";
import { type CauseGroup, type DeadLetter, groupByCause, mayBeDeleted, namesIn, withDeadLetters } from "./deadLetters";
import { giveUpOn } from "./giveUp";
import { deployedQueues, localQueues } from "./queues";
import { underWay } from "./underWay";

/** The flags of `snail redrive`. */
export interface RedriveFlags extends ServiceFlags {
  cause?: string;
  /** Name of an image. */
  object?: string;
  move: boolean;
  /** Deletes what may be deleted, `yes` without asking. */
  delete: boolean;
  yes: boolean;
  json: boolean;
}

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
  const { sqs, queues, records, startHint } =
    flags.stack === undefined ? localQueues(dataFolder(flags)) : deployedQueues(flags.stack);
  await withDeadLetters(sqs, queues, async (letters, acts) => {
    const chosen = letters.filter((letter) => isChosen(flags, letter));
    const groups = groupByCause(chosen);
    const depths = await queueDepths(sqs, queues);
    if (flags.json) {
      console.log(JSON.stringify({ causes: groups.map(jsonOf), queues: depths }, undefined, 2));
      return;
    }
    if (letters.length === 0) console.log("No dead letters.");
    else if (chosen.length === 0) throw new Error(`no dead letter ${choice(flags)}`);
    for (const group of groups) console.log(textOf(group));
    for (const line of underWay(depths)) console.log(line);
    if (letters.length === 0 || !isChoice(flags)) return;

    const able = chosen.filter(flags.delete ? mayBeDeleted : ({ poison }) => !poison);
    if (flags.delete && able.length > 0 && !flags.yes) await confirm(able.length);
    if (flags.move) for (const letter of able) await acts.move(letter);
    if (flags.delete)
      for (const letter of able) {
        await giveUpOn(records(), letter);
        await acts.delete(letter);
      }
    console.log(`\n${outcome(flags, able.length, chosen.length - able.length)}`);
  }).catch((error: unknown) => {
    throw explained(error, startHint);
  });
}

const isChoice = ({ cause, object }: RedriveFlags): boolean => cause !== undefined || object !== undefined;

const isChosen = ({ cause, object }: RedriveFlags, letter: DeadLetter): boolean =>
  (cause ?? letter.cause) === letter.cause && (object === undefined || namesIn(letter.body).includes(object));

const choice = ({ cause, object }: RedriveFlags): string =>
  [
    ...(cause === undefined ? [] : [`has the cause "${cause}"`]),
    ...(object === undefined ? [] : [`is about "${object}"`]),
  ].join(" and ");

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
