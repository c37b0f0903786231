import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { setTimeout as sleep } from "node:timers/promises";

import { backfillBody } from "../../../handlers/protocol/messages";
import type { ImageMetadata } from "../../../handlers/ports";
import type { BackfillMessage } from "../../../handlers/records";
import { queueDepths } from "../operate/queueDepths";
import { pairsOf } from "../redrive/queues";
import type { Target } from "../support/target";

/** Images of a backfill that are under way at the same time: fewer than the function takes, so that uploads find room. */
const MOST_UNDER_WAY = 2;
/** Messages of uploads that may wait before a backfill does. */
const MOST_WAITING = 2;
/** After this long an image counts as unfinished; its message is still tried. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

export interface Sent {
  done: number;
  /** Not done after a minute: see their dead letters. */
  unfinished: number;
}

/** Sends the messages at a rate, a few at a time, and none while uploads wait. `isStopped` ends it. */
export async function sendAll(
  target: Target,
  metadata: Pick<ImageMetadata, "readRaw">,
  due: BackfillMessage[],
  { rate, isStopped, tell }: { rate: number; isStopped: () => boolean; tell: (sent: Sent) => void },
): Promise<Sent> {
  const sent: Sent = { done: 0, unfinished: 0 };
  const underWay = new Map<BackfillMessage, number>();
  const QueueUrl = target.queueUrls.PutResolutionBasedImageQueue;
  let next = 0;
  let earliest = 0;
  while (underWay.size > 0 || (next < due.length && !isStopped())) {
    const message = due[next];
    const now = Date.now();
    const isFree = underWay.size < MOST_UNDER_WAY && now >= earliest && !isStopped();
    if (message && isFree && !(await isBusy(target, underWay.size))) {
      await target.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: backfillBody(message) }));
      underWay.set(message, now);
      next += 1;
      earliest = now + 1000 / rate;
      continue;
    }
    await sleep(Math.min(LOOK_MS, Math.max(10, earliest - now)));
    for (const [each, since] of underWay) {
      const isOver = await isConcluded(metadata, each);
      if (!isOver && Date.now() - since < PATIENCE_MS) continue;
      underWay.delete(each);
      if (isOver) sent.done += 1;
      else sent.unfinished += 1;
      tell(sent);
    }
  }
  return sent;
}

/** Whether a backfill has ended, or something later has decided about the image. */
async function isConcluded(
  { readRaw }: Pick<ImageMetadata, "readRaw">,
  { original, generation, revision }: BackfillMessage,
): Promise<boolean> {
  const record = await readRaw(original);
  return record?.generation !== generation || (record.revision ?? 0) >= revision + 2;
}

async function isBusy(target: Target, own: number): Promise<boolean> {
  const depths = await queueDepths(target.sqs, pairsOf(target));
  const waiting = depths.filter(({ name }) => name.startsWith("Put")).reduce((sum, queue) => sum + queue.waiting, 0);
  return waiting > MOST_WAITING + own;
}
