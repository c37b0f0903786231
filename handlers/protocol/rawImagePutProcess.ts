import { accept, passOn } from "./accepting";
import { finishCancelling, isCancelledByTime } from "./cancelling";
import { fateOf, type Arrival, type RawImagePutPorts } from "./arrival";
import { clear } from "./deletion";
import { namedError } from "./errors";
import { judge } from "./judging";
import { parseS3Notice, type UploadEvent } from "./messages";
import { explainMissing } from "./missing";
import { objectOfTempKey } from "./objectName";
import { reject } from "./rejecting";
import { cancel, removeUpload } from "./withdrawing";
import type { RawRecord } from "../records";

export type { RawImagePutPorts } from "./arrival";

/**
 * Takes in uploads: checks each, stores the original, records the generation, asks for its renditions, and removes the
 * upload last. The message is the outbox: until its upload is gone, a redelivery repeats everything.
 * The order of the steps is the protocol (docs/protocol.md).
 */
export function rawImagePutProcess(ports: RawImagePutPorts) {
  return async (message: unknown, { receiveCount }: { receiveCount: number }): Promise<void> => {
    const notice = parseS3Notice(message);
    if (notice.kind !== "uploads") {
      ports.journal.finished({ outcome: "ignored", cause: notice.kind });
      return;
    }
    for (const upload of notice.uploads) await takeIn(ports, upload, receiveCount > 1);
  };
}

/** When a name is deleted this often while one upload is taken in, the upload waits for its next delivery. */
const MOST_TRIES = 5;

async function takeIn(ports: RawImagePutPorts, event: UploadEvent, repeated: boolean): Promise<void> {
  const name = objectOfTempKey(event.key);
  if (name === undefined) {
    ports.journal.note("not an upload: its key has no name", { key: event.key });
    await ports.temp.delete(event.key, event.versionId);
    return;
  }
  // When the name is deleted meanwhile, the upload starts over at once. The queue's next delivery would do the same,
  // but none comes when another delivery of the same message has finished it.
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    if ((await takeInOnce(ports, { ...event, name, repeated })) === "done") return;
  }
  throw namedError("DeletedMeanwhile", `${name}: deleted ${MOST_TRIES} times while an upload was taken in`);
}

async function takeInOnce(
  ports: RawImagePutPorts,
  upload: Omit<Arrival, "epoch" | "startedAt">,
): Promise<"done" | "again"> {
  const { temp, metadata, clock } = ports;
  const startedAt = clock.now();
  // The epoch is remembered before the upload is touched, so that a DELETE from here on is noticed.
  const before = await metadata.readRaw(upload.name);
  const arrival: Arrival = { ...upload, epoch: before?.epoch ?? 0, startedAt };

  if (before && (await repeat(ports, arrival, before))) return "done";
  const stored = await temp.read(upload.key, upload.versionId);
  if (!stored) return explainMissing(ports, arrival);
  if (before && isCancelledByTime(before, stored)) {
    await withdraw(ports, arrival, before, "cancelled");
    return "done";
  }
  const verdict = await judge(ports, upload.name, stored);
  if (!verdict) return explainMissing(ports, arrival);
  return verdict.ok ? accept(ports, arrival, stored, verdict, before) : reject(ports, arrival, stored, verdict, before);
}

/** Finishes what an earlier delivery, a newer upload or a DELETE decided about the upload; false where nothing did. */
async function repeat(ports: RawImagePutPorts, arrival: Arrival, record: RawRecord): Promise<boolean> {
  const { name } = arrival;
  const fate = fateOf(record, arrival);
  if (fate === undefined) return false;
  if (fate === "recorded") {
    await passOn(ports, arrival, record, record.superseded);
    ports.journal.finished({ outcome: "repeated", name, generation: record.generation });
    return true;
  }
  await withdraw(ports, arrival, record, fate);
  return true;
}

/** Removes an upload that the record does not take in, and what was stored of it. */
async function withdraw(
  ports: RawImagePutPorts,
  arrival: Arrival,
  record: RawRecord,
  fate: "cancelled" | "overtaken" | "rejected",
): Promise<void> {
  const { name } = arrival;
  // An earlier delivery may have died between its update and its messages.
  if (arrival.repeated) await clear(ports, name, record.superseded);
  if (fate === "cancelled") await cancel(ports, arrival, record);
  else await removeUpload(ports, arrival);
  await finishCancelling(ports, record);
  ports.journal.finished({ outcome: fate === "rejected" ? "repeated" : fate, name });
}
