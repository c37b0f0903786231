import { accept, passOn } from "./accepting";
import { isNotBefore, isRecorded, type Arrival, type RawImagePutPorts } from "./arrival";
import { namedError } from "./errors";
import { judge } from "./judging";
import { parseS3Notice, type UploadEvent } from "./messages";
import { objectOfTempKey } from "./objectName";
import { reject } from "./rejecting";
import { cancel, removeLeftovers, withdraw } from "./withdrawing";

export type { RawImagePutPorts } from "./arrival";

/**
 * Takes in uploads: checks each, stores the original, records the generation, asks for its renditions, and removes the
 * upload last. The message is the outbox: until its upload is gone, a redelivery repeats everything.
 * The order of the steps is the protocol (docs/protocol.md).
 */
export function rawImagePutProcess(ports: RawImagePutPorts) {
  return async (message: unknown): Promise<void> => {
    const notice = parseS3Notice(message);
    if (notice.kind !== "uploads") {
      ports.journal.finished({ outcome: "ignored", cause: notice.kind });
      return;
    }
    for (const upload of notice.uploads) await takeIn(ports, upload);
  };
}

/** When a name is deleted this often while one upload is taken in, the upload waits for its next delivery. */
const MOST_TRIES = 5;

async function takeIn(ports: RawImagePutPorts, event: UploadEvent): Promise<void> {
  const name = objectOfTempKey(event.key);
  if (name === undefined) {
    ports.journal.note("not an upload: its key has no name", { key: event.key });
    await ports.temp.delete(event.key, event.versionId);
    return;
  }
  // When the name is deleted meanwhile, the upload starts over at once. The queue's next delivery would do the same,
  // but none comes when another delivery of the same message has finished it.
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    if ((await takeInOnce(ports, event, name)) === "done") return;
  }
  throw namedError("DeletedMeanwhile", `${name}: deleted ${MOST_TRIES} times while an upload was taken in`);
}

async function takeInOnce(
  ports: RawImagePutPorts,
  event: UploadEvent,
  name: string,
): Promise<"done" | "deletedMeanwhile"> {
  const { temp, metadata, journal, limits, clock } = ports;
  const startedAt = clock.now();
  // The epoch is remembered before the upload is touched, so that a DELETE from here on is noticed.
  const before = await metadata.readRaw(name);
  const arrival: Arrival = { ...event, name, epoch: before?.epoch ?? 0, startedAt };

  if (before?.cancelled?.includes(event.versionId)) {
    await cancel(ports, arrival, before);
    return "done";
  }
  const recorded = isRecorded(before, event);
  const overtaken = !recorded && isNotBefore(before?.sequencer, event.sequencer);
  const upload = await temp.read(event.key, event.versionId, recorded || overtaken ? 0 : limits.maxBytes);
  if (!upload) {
    // An earlier delivery finished this upload, or a DELETE cancelled it.
    if (!recorded) await removeLeftovers(ports, arrival);
    journal.finished({ outcome: recorded ? "repeated" : "cancelled", name });
    return "done";
  }
  if (before && recorded) {
    await passOn(ports, arrival, before);
    journal.finished({ outcome: "repeated", name, generation: before.generation });
    return "done";
  }
  if (overtaken) {
    await withdraw(ports, arrival);
    return "done";
  }
  const verdict = await judge(ports, name, upload);
  return verdict.ok ? accept(ports, arrival, verdict, before) : reject(ports, arrival, verdict, before);
}
