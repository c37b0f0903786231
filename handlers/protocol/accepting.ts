import { namedError } from "./errors";
import { fateOf, identity, type Arrival, type RawImagePutPorts } from "./arrival";
import { unchanged } from "./conditions";
import { clear } from "./deletion";
import {
  backfillManifests,
  generationOf,
  judgedWith,
  liveOf,
  manifestFor,
  manifestsOf,
  originalKey,
} from "./generation";
import { listedUnder } from "./listing";
import { explainMissing } from "./missing";
import { bytesOf } from "./recordRoom";
import type { UploadDetails } from "./uploadDetails";
import type { Verdict } from "./judging";
import type { Upload } from "../ports";
import type { RawRecord } from "../records";

/** Stores the original, then records the generation, then passes it on. */
export async function accept(
  ports: RawImagePutPorts,
  arrival: Arrival,
  upload: Upload,
  { format, width, height, details: told }: Extract<Verdict, { ok: true }>,
  before: RawRecord | undefined,
): Promise<"done" | "again"> {
  const { images, clock, journal, imageTypes } = ports;
  const { name } = arrival;
  const { bytes } = upload;
  const generation = generationOf(upload.etag, arrival.versionId);
  const imageId = originalKey(name, generation, format);
  if (!(await images.copy(upload.source, imageId, format))) return explainMissing(ports, arrival);

  // The time of its event may be seconds later, and lists tell this one, by which the sweep compares uploads.
  const uploadedAt = upload.storedAt;
  const details = { ...told, generation, imageId, format, width, height, bytes, uploadedAt };
  const recorded = await recordGeneration(ports, arrival, before, { ...details, expected: imageTypes });
  if (recorded === "again") return recorded;
  const { record, replaced } = recorded;
  // Only what this update replaced: with all that still waits, many uploads of one name would make work without bound.
  await passOn(ports, arrival, record, arrival.repeated ? record.superseded : replaced);
  journal.finished({
    outcome: "stored",
    name,
    generation,
    bytes,
    durationMs: clock.now() - arrival.startedAt,
  });
  return "done";
}

/** The attributes that describe a record's newest generation. */
type Generation = UploadDetails &
  Required<
    Pick<RawRecord, "generation" | "imageId" | "format" | "width" | "height" | "bytes" | "uploadedAt" | "expected">
  >;

/**
 * Makes the generation the newest one. One that is live goes on being served until this one is `READY`; one that is not
 * is superseded. Returns the record and the manifest that was superseded. Nothing is recorded, and the upload is looked at
 * again, where a DELETE, another delivery or a rejection may have decided about it meanwhile.
 */
async function recordGeneration(
  { metadata, clock, room }: RawImagePutPorts,
  arrival: Arrival,
  before: RawRecord | undefined,
  generation: Generation,
): Promise<{ record: RawRecord; replaced: string[] } | "again"> {
  let current = before;
  for (;;) {
    const now = new Date(clock.now()).toISOString();
    const isLive = current?.status === "READY";
    const replaced = isLive ? backfillManifests(current) : manifestsOf(current);
    const superseded = [...(current?.superseded ?? []), ...replaced];
    if (bytesOf(superseded) > room.superseded) {
      const message = `${arrival.name}: ${superseded.length} generations are still to be cleared away`;
      throw namedError("RecordFull", message); // the upload waits, and they go meanwhile
    }
    const result = await metadata.updateRaw(arrival.name, {
      when: [
        { attribute: "epoch", absent: true, oneOf: [arrival.epoch] },
        { attribute: "sequencer", absent: true, below: arrival.sequencer },
        // Another delivery may have rejected this very upload, before a newer one was rejected.
        unchanged("rejectedSequencer", current?.rejectedSequencer),
        unchanged("generation", current?.generation),
        // One that became live meanwhile must not be superseded.
        unchanged("status", current?.status),
        unchanged("revision", current?.revision),
      ],
      set: {
        ...generation,
        ...(isLive && { live: liveOf(current) }),
        status: "PROCESSING",
        ...listedUnder(arrival.name, { status: "PROCESSING", live: liveOf(current) }),
        sequencer: arrival.sequencer,
        ...judgedWith(current),
        updatedAt: now,
      },
      setIfAbsent: { ...identity(arrival, now, current), epoch: arrival.epoch },
      remove: [
        ...([
          "contentHash",
          "placeholder",
          "dominantColour",
          "renditions",
          "revision",
          "reason",
          "givenUp",
          "deletedAt",
          "expiresAt",
        ] as const),
        // Those of the upload before it.
        ...(["metadata", "focus"] as const).filter((detail) => generation[detail] === undefined),
      ],
      sets: { superseded: { add: replaced } },
    });
    if (result.applied) return { record: result.record, replaced };
    current = result.record;
    const isRejection = current?.rejectedSequencer !== before?.rejectedSequencer;
    if (current && (isRejection || current.epoch !== arrival.epoch || fateOf(current, arrival))) return "again";
    // An upload that is older than this one was recorded in the meantime: this one replaces it.
  }
}

/** Tells the next functions, then removes the upload: last, because until then a redelivery repeats everything. */
export async function passOn(
  ports: RawImagePutPorts,
  { name, key, versionId, uploadedAt }: Arrival,
  record: RawRecord,
  superseded: string[] | undefined,
): Promise<void> {
  const manifest = manifestFor(record);
  if (manifest !== undefined && record.status === "PROCESSING") {
    await ports.putQueue.send({ original: name, manifest, uploadedAt });
  }
  await clear(ports, name, superseded);
  await ports.temp.delete(key, versionId);
}
