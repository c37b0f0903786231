import { unchanged } from "./conditions";
import { finishDeletion } from "./deletion";
import { causeOf, namedError } from "./errors";
import { generationOf, liveManifest, originalKey, originalKeyPrefix, sha256, uploadTag } from "./generation";
import type { RenditionSpec, UploadLimits } from "../imageTypes";
import { parseS3Notice, type UploadEvent } from "./messages";
import { objectOfTempKey, refuseName } from "./objectName";
import type {
  Clock,
  ImageMetadata,
  Inspection,
  InspectImage,
  Images,
  Journal,
  Queue,
  TempImages,
  Upload,
} from "../ports";
import type { DeleteResolutionBasedImageMessage, PutResolutionBasedImageMessage, RawRecord } from "../records";

export interface RawImagePutPorts {
  temp: TempImages;
  images: Images;
  metadata: ImageMetadata;
  putQueue: Queue<PutResolutionBasedImageMessage>;
  deleteQueue: Queue<DeleteResolutionBasedImageMessage>;
  inspect: InspectImage;
  limits: UploadLimits;
  imageTypes: RenditionSpec[];
  clock: Clock;
  journal: Journal;
}

/**
 * Takes in what was uploaded: checks it, stores the original, records the generation, asks for its renditions, and
 * removes the upload last. The message is the outbox: until its upload is gone, a redelivery repeats everything.
 * The order of the steps is the protocol (docs/protocol.md).
 */
export function rawImagePutProcess(ports: RawImagePutPorts) {
  return async (message: unknown): Promise<void> => {
    const notice = parseS3Notice(message);
    if (notice.kind !== "uploads") {
      ports.journal.finished({ outcome: "ignored", cause: notice.kind });
      return;
    }
    for (const upload of notice.uploads) await startingOver(() => takeIn(ports, upload));
  };
}

/** When a name is deleted this often while one upload is taken in, the upload waits for its next delivery. */
const MOST_TRIES = 5;

/**
 * Starts over at once when the name was deleted meanwhile. The queue's next delivery would do the same, but it does
 * not come where another delivery of the same message has finished it.
 */
async function startingOver(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (causeOf(error).cause !== "DeletedMeanwhile" || tries === MOST_TRIES) throw error;
    }
  }
}

/** One upload under way. */
interface Arrival extends UploadEvent {
  original: string;
  /** The epoch of the name's record before the upload was read. */
  epoch: number;
  startedAt: number;
}

async function takeIn(ports: RawImagePutPorts, event: UploadEvent): Promise<void> {
  const { temp, metadata, journal, limits, clock } = ports;
  const original = objectOfTempKey(event.key);
  if (original === undefined) {
    journal.note("not an upload: its key has no name", { key: event.key });
    await temp.delete(event.key, event.versionId);
    return;
  }
  const startedAt = clock.now();
  // The epoch is remembered before the upload is touched, so that a DELETE from here on is noticed.
  const before = await metadata.readRaw(original);
  const arrival: Arrival = { ...event, original, epoch: before?.epoch ?? 0, startedAt };

  if (before?.cancelled?.includes(event.versionId)) {
    await cancel(ports, arrival, before);
    return;
  }
  const recorded = before?.generation?.startsWith(uploadTag(event.versionId)) ?? false;
  const lost = !recorded && isNotBefore(before?.sequencer, event.sequencer);
  const upload = await temp.read(event.key, event.versionId, recorded || lost ? 0 : limits.maxBytes);
  if (!upload) {
    // An earlier delivery finished this upload, or a DELETE cancelled it.
    if (!recorded) await removeLeftovers(ports, arrival);
    journal.finished({ outcome: recorded ? "repeated" : "cancelled", original });
  } else if (before && recorded) {
    await passOn(ports, arrival, before);
    journal.finished({ outcome: "repeated", original, generation: before.generation });
  } else if (lost) {
    await withdraw(ports, arrival);
  } else {
    await accept(ports, arrival, upload, before);
  }
}

async function accept(
  ports: RawImagePutPorts,
  arrival: Arrival,
  upload: Upload,
  before: RawRecord | undefined,
): Promise<void> {
  const { images, clock, journal, imageTypes } = ports;
  const { original } = arrival;
  const verdict = await judge(ports, original, upload);
  if (!verdict.ok) {
    await reject(ports, arrival, verdict, before);
    return;
  }
  const contentHash = sha256(verdict.body);
  const generation = generationOf(contentHash, arrival.versionId);
  const { format, width, height } = verdict;
  const imageId = originalKey(original, generation, format);
  await images.create(imageId, verdict.body, format);

  const record = await recordGeneration(ports, arrival, before, {
    generation,
    imageId,
    contentHash,
    format,
    width,
    height,
    bytes: upload.bytes,
    expected: imageTypes,
  });
  if (!record) {
    await withdraw(ports, arrival);
    return;
  }
  await passOn(ports, arrival, record);
  journal.finished({
    outcome: "stored",
    original,
    generation,
    bytes: upload.bytes,
    durationMs: clock.now() - arrival.startedAt,
  });
}

type Verdict =
  (Extract<Inspection, { ok: true }> & { body: Uint8Array }) | { ok: false; cause: string; reason: string };

async function judge({ inspect, limits }: RawImagePutPorts, original: string, upload: Upload): Promise<Verdict> {
  const refusal = refuseName(original, limits.acceptedExtensions);
  if (refusal !== undefined) return { ok: false, cause: "name", reason: refusal };
  if (!upload.body) {
    const reason = `The image has ${upload.bytes} bytes; at most ${limits.maxBytes} are allowed. Send a smaller file.`;
    return { ok: false, cause: "too-large", reason };
  }
  const inspection = await inspect(upload.body, limits);
  return inspection.ok ? { ...inspection, body: upload.body } : inspection;
}

/** What the record says of its live generation. */
type Generation = Required<
  Pick<RawRecord, "generation" | "imageId" | "contentHash" | "format" | "width" | "height" | "bytes" | "expected">
>;

/**
 * Makes the generation the live one, and the one that it replaces superseded. Returns the record, or undefined where
 * a newer upload was recorded before. A generation that is live already is left as it is.
 */
async function recordGeneration(
  { metadata, clock }: RawImagePutPorts,
  arrival: Arrival,
  before: RawRecord | undefined,
  generation: Generation,
): Promise<RawRecord | undefined> {
  let current = before;
  for (;;) {
    const now = new Date(clock.now()).toISOString();
    const replaced = liveManifest(current);
    const result = await metadata.updateRaw(arrival.original, {
      when: [
        { attribute: "epoch", absent: true, oneOf: [arrival.epoch] },
        { attribute: "sequencer", absent: true, below: arrival.sequencer },
        unchanged("generation", current?.generation),
      ],
      set: { ...generation, status: "PROCESSING", sequencer: arrival.sequencer, updatedAt: now },
      setIfAbsent: { ...identity(arrival, now), epoch: arrival.epoch },
      remove: ["reason", "deletedAt", "expiresAt"],
      addSuperseded: replaced === undefined ? [] : [replaced],
    });
    if (result.applied) return result.record;
    current = result.record;
    refuseMovedEpoch(arrival, current);
    if (current?.generation === generation.generation) return current;
    if (isNotBefore(current?.sequencer, arrival.sequencer)) return undefined;
    // An upload that is older than this one was recorded in the meantime: this one replaces it.
  }
}

/** Records why an upload was rejected. A good image that the name has stays as it is. */
async function reject(
  { metadata, temp, clock, journal }: RawImagePutPorts,
  arrival: Arrival,
  { cause, reason }: { cause: string; reason: string },
  before: RawRecord | undefined,
): Promise<void> {
  const { original, sequencer } = arrival;
  let current = before;
  while (!isNotBefore(current?.sequencer, sequencer) && !isNotBefore(current?.rejectedSequencer, sequencer)) {
    const now = new Date(clock.now()).toISOString();
    const result = await metadata.updateRaw(original, {
      when: [
        { attribute: "epoch", absent: true, oneOf: [arrival.epoch] },
        { attribute: "sequencer", absent: true, below: sequencer },
        { attribute: "rejectedSequencer", absent: true, below: sequencer },
        unchanged("generation", current?.generation),
      ],
      set: {
        ...(current?.generation === undefined ? { status: "REJECTED" as const } : {}),
        rejectedReason: reason,
        rejectedSequencer: sequencer,
        updatedAt: now,
      },
      setIfAbsent: { ...identity(arrival, now), epoch: arrival.epoch },
      remove: current?.generation === undefined ? ["deletedAt", "expiresAt"] : [],
    });
    if (result.applied) break;
    current = result.record;
    refuseMovedEpoch(arrival, current);
  }
  await temp.delete(arrival.key, arrival.versionId);
  journal.finished({ outcome: "rejected", original, cause, reason, durationMs: clock.now() - arrival.startedAt });
}

/** Tells the next functions, then removes the upload: last, because until then a redelivery repeats everything. */
async function passOn(
  { putQueue, deleteQueue, temp }: RawImagePutPorts,
  { original, key, versionId, uploadedAt }: Arrival,
  record: RawRecord,
): Promise<void> {
  const manifest = liveManifest(record);
  if (manifest !== undefined && record.status === "PROCESSING") await putQueue.send({ original, manifest, uploadedAt });
  for (const superseded of record.superseded ?? []) await deleteQueue.send({ original, manifest: superseded });
  await temp.delete(key, versionId);
}

/** A newer upload has won: nothing of this one stays. No other delivery of it can be recorded any more. */
async function withdraw({ images, temp, journal }: RawImagePutPorts, arrival: Arrival): Promise<void> {
  const { original, key, versionId } = arrival;
  for (const stored of await images.list(originalKeyPrefix(original, versionId))) await images.delete(stored);
  await temp.delete(key, versionId);
  journal.finished({ outcome: "superseded", original });
}

/** A DELETE cancelled this upload, and may have died before it removed it: nothing of it stays. */
async function cancel(ports: RawImagePutPorts, arrival: Arrival, before: RawRecord): Promise<void> {
  const { temp, metadata, clock, journal } = ports;
  const { original, key, versionId } = arrival;
  await temp.delete(key, versionId);
  await removeLeftovers(ports, arrival);
  const { record } = await metadata.updateRaw(original, {
    when: [{ attribute: "id", oneOf: [before.id] }], // never makes an item
    set: { updatedAt: new Date(clock.now()).toISOString() },
    removeCancelled: [versionId],
  });
  if (record) await finishDeletion(ports, record);
  journal.finished({ outcome: "cancelled", original });
}

/**
 * The upload is gone, but an earlier delivery may have stored the original and died before it recorded it. An upload
 * is removed only once no delivery of it can be recorded any more: what the record says now is final.
 */
async function removeLeftovers({ images, metadata }: RawImagePutPorts, arrival: Arrival): Promise<void> {
  const { original, versionId } = arrival;
  const leftovers = await images.list(originalKeyPrefix(original, versionId));
  if (leftovers.length === 0) return;
  const record = await metadata.readRaw(original);
  if (record?.generation?.startsWith(uploadTag(versionId))) return;
  for (const stored of leftovers) await images.delete(stored);
}

/** What a record is born with. The id is derived, so that two deliveries agree on it. */
function identity({ original, versionId }: Arrival, now: string): Pick<RawRecord, "id" | "createdAt"> {
  return { id: sha256(`${original} ${versionId}`).slice(0, 32), createdAt: now };
}

/** Whether a recorded sequencer is the same as, or newer than, this one. */
const isNotBefore = (recorded: string | undefined, sequencer: string): boolean =>
  recorded !== undefined && recorded >= sequencer;

/** A DELETE came between: the retry finds out whether it cancelled this upload. */
function refuseMovedEpoch({ original, epoch }: Arrival, current: RawRecord | undefined): void {
  if (current && current.epoch !== epoch)
    throw namedError("DeletedMeanwhile", `${original}: deleted while an upload was taken in`);
}
