import { manifestFor } from "./generation";
import { s3EventOf } from "./messages";
import { tempKey } from "./objectName";
import type { IsDue, SweepPorts } from "./sweepProcess";
import type { RawRecord } from "../records";

/** Sends again what names that wait for too long still need. Returns the number of messages. */
export async function sweepRecords(ports: SweepPorts, names: string[], due: IsDue): Promise<number> {
  let sent = 0;
  for (const name of names) {
    // The list comes from an index, which lags behind: the record says what the name waits for.
    const record = await ports.metadata.readRaw(name);
    if (record) sent += await sendAgain(ports, record, due);
  }
  return sent;
}

/** Sends the messages of all that a record still waits for, if that is due. Returns their number. */
export async function sendAgain(
  { uploadQueue, putQueue, deleteQueue }: SweepPorts,
  record: RawRecord,
  due: IsDue,
): Promise<number> {
  const { original, status, superseded = [], cancelled = [], updatedAt, uploadedAt = updatedAt } = record;
  if (!due(updatedAt)) return 0;
  const newest = manifestFor(record);
  const waiting = superseded.length + cancelled.length;
  const makes = status === "PROCESSING" && newest !== undefined;
  // Nothing is left, and a run died before it said so: a message about no upload at all makes it DELETED.
  const finishes = status === "DELETING" && waiting === 0 && record.cancelledBefore === undefined;

  if (makes) await putQueue.send({ original, manifest: newest, uploadedAt });
  await deleteQueue.send(...superseded.map((manifest) => ({ original, manifest })));
  const { sequencer = "0" } = record;
  const key = tempKey(original);
  await uploadQueue.send(...cancelled.map((versionId) => s3EventOf({ key, versionId, sequencer, uploadedAt })));
  if (finishes) await deleteQueue.send({ original, upload: "none" });
  return waiting + (makes ? 1 : 0) + (finishes ? 1 : 0);
}
