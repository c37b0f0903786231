import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createInterface } from "node:readline/promises";

import { createImageMetadata } from "../../../handlers/aws/imageMetadata";
import { recordedStack } from "../policy/recordedStack";
import { chosenTarget, sameService, type ServiceFlags } from "../support/chosenService";
import { WrongCall } from "../support/wrongCall";
import { costOfBackfill } from "./estimate";
import { find, type Found } from "./find";
import { sendAll, type Sent } from "./send";

interface BackfillFlags extends ServiceFlags {
  type?: string[];
  rate: number;
  remove: boolean;
  dryRun: boolean;
  yes: boolean;
  json: boolean;
}

/** `snail backfill`. Ends with 1 where images were not finished, or it was stopped. */
export async function run({ type: types, rate, remove, dryRun, yes, json, ...flags }: BackfillFlags): Promise<number> {
  const target = chosenTarget(flags);
  const metadata = createImageMetadata(DynamoDBDocumentClient.from(target.dynamodb), target.imageMetadataTable);
  const wanted = target.imageTypes;
  const known = [...new Set(wanted.map(({ imageType }) => imageType))];
  const strange = types?.find((type) => !known.includes(type));
  if (strange !== undefined && !remove)
    throw new WrongCall(`no image type "${strange}" is configured: there are ${known.join(", ")}`);
  const found = await find(target, metadata, { wanted, remove, ...(types && { types }) });
  const images = found.due.length;
  const made = images > 0 ? found.missing / images : 0;
  const usd = images > 0 ? costOfBackfill(await recordedStack(flags.stack ?? "dev"), { images, made }) : 0;
  const seconds = Math.ceil(images / rate);
  const plan = { ...found, due: images, seconds, usd };
  if (!json) console.log(planText(found, { seconds, usd, rate }));
  if (dryRun || images === 0) {
    if (json) console.log(JSON.stringify(plan, undefined, 2));
    return 0;
  }
  if (!yes) await confirm(images);
  let isStopped = false;
  process.once("SIGINT", () => (isStopped = true));
  const sent = await sendAll(target, metadata, found.due, {
    rate,
    isStopped: () => isStopped,
    tell: (so) => (json ? undefined : tell(so, images)),
  });
  const left = images - sent.done - sent.unfinished;
  console.log(
    json ? JSON.stringify({ ...plan, ...sent, left }, undefined, 2) : outcome(sent, left, sameService(flags)),
  );
  return sent.unfinished + left > 0 ? 1 : 0;
}

/** Text of what a backfill is going to do. */
export function planText(
  { images, due, unknown, beside, missing, unwanted }: Found,
  { seconds, usd, rate }: { seconds: number; usd: number; rate: number },
): string {
  const served = images === 1 ? "is served" : "are served";
  if (due.length === 0)
    return `${counted(images, "image")} ${served}, and ${images === 1 ? "has" : "have"} the renditions that are configured.`;
  return [
    `${due.length} of ${counted(images, "image")} that ${served} ${images === 1 ? "differs" : "differ"}: ` +
      `${counted(missing, "rendition")} ${missing === 1 ? "is" : "are"} to be made, ${unwanted} to be removed.`,
    ...(unknown > 0
      ? [
          `Of ${unknown} it is not recorded how ${unknown === 1 ? "its" : "their"} renditions were made: they are made again.`,
        ]
      : []),
    ...(beside === 1 ? ["1 is served beside a newer upload that is not READY: it is left alone."] : []),
    ...(beside > 1 ? [`${beside} are served beside a newer upload that is not READY: they are left alone.`] : []),
    `It takes ${Math.floor(seconds / 60)} min ${seconds % 60} s or more at ${counted(rate, "image")} a second, and costs about $${usd.toFixed(4)}.`,
  ].join("\n");
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function tell({ done, unfinished }: Sent, images: number): void {
  const share = (done + unfinished) / images;
  const bar = "#".repeat(Math.round(20 * share)).padEnd(20);
  const text = `[${bar}] ${Math.floor(100 * share)} %  ${done + unfinished} of ${counted(images, "image")}, ${unfinished} unfinished`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
  else if ((done + unfinished) % Math.ceil(images / 100) === 0) console.log(text);
}

const outcome = ({ done, unfinished }: Sent, left: number, service: string): string =>
  [
    `${process.stdout.isTTY ? "\n" : ""}${done} done.`,
    ...(unfinished > 0
      ? [`${unfinished} are not finished: \`snail redrive${service}\` tells their dead letters.`]
      : []),
    ...(left > 0 ? [`Stopped: ${left} are left. The same command goes on.`] : []),
  ].join(" ");

/** @throws WrongCall where the answer is not yes, or nothing can answer */
async function confirm(count: number): Promise<void> {
  if (!process.stdin.isTTY) throw new WrongCall("nothing was done: add --yes where nothing can answer");
  const asks = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asks.question(`Backfill ${counted(count, "image")}? Type yes: `);
  asks.close();
  if (answer.trim() !== "yes") throw new WrongCall("nothing was done");
}
