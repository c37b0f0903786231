import { unchanged } from "./conditions";
import { removeRenditions } from "./deletion";
import { namedError } from "./errors";
import { keysOf, renditionKey } from "./generation";
import { parsePutMessage } from "./messages";
import type { Clock, ImageMetadata, Images, Journal, JournalLine, MakeRenditions, UpdateResult } from "../ports";
import type { RawRecord, StoredRendition } from "../records";

export interface ResolutionBasedImagePutPorts {
  images: Images;
  metadata: ImageMetadata;
  makeRenditions: MakeRenditions;
  clock: Clock;
  journal: Journal;
}

/**
 * Makes every rendition of one generation from one read of its original. `READY` is recorded, with the renditions, only after every
 * object is stored, and only while the generation is live; else what was made is removed again. The last try
 * records `FAILED` before it works, because it may die; when it succeeds, the image is `READY` after all.
 */
export function resolutionBasedImagePutProcess(ports: ResolutionBasedImagePutPorts) {
  const { metadata, journal, clock } = ports;
  return async (body: unknown, { lastTry }: { lastTry: boolean }): Promise<void> => {
    const message = parsePutMessage(body);
    const { original: name, manifest } = message;
    const { generation } = keysOf(name, manifest);
    const startedAt = clock.now();
    const finished = (line: JournalLine): void =>
      journal.finished({ name, generation, durationMs: clock.now() - startedAt, ...line });

    let record = await metadata.readRaw(name);
    if (lastTry && record?.generation === generation && record.status === "PROCESSING") {
      record = await giveUp(ports, record);
    }
    if (record?.generation !== generation) {
      await removeRenditions(ports, name, manifest);
      finished({ outcome: "stale" });
      return;
    }
    if (!isOpen(record)) {
      // The delivery that found the original undecodable may have died before it cleared away what it had made.
      if (record.status === "FAILED") await removeRenditions(ports, name, manifest);
      finished({ outcome: "repeated" });
      return;
    }
    const made = await make(ports, record);
    const result = await conclude(ports, record, made);
    if (result.applied && made.undecodable === undefined) {
      const { renditions } = made;
      const latencyMs = clock.now() - Date.parse(message.uploadedAt);
      const bytes = renditions.reduce((sum, rendition) => sum + rendition.bytes, 0);
      finished({ outcome: "ready", renditions: renditions.length, bytes, latencyMs });
    } else if (result.record?.generation !== generation) {
      await removeRenditions(ports, name, manifest);
      finished({ outcome: "stale" });
    } else {
      if (result.record.status === "FAILED") await removeRenditions(ports, name, manifest);
      if (result.applied) finished({ outcome: "failed", reason: made.undecodable, cause: "undecodable" });
      else finished({ outcome: "repeated" }); // another delivery concluded first
    }
  };
}

/** The renditions of an original, in the configured order; or why it cannot be decoded. */
type Made = { renditions: StoredRendition[]; undecodable?: undefined } | { undecodable: string };

async function make({ images, makeRenditions }: ResolutionBasedImagePutPorts, record: RawRecord): Promise<Made> {
  const { original: name, generation = "", imageId = "", expected = [] } = record;
  const source = await images.read(imageId);
  // Deleted just now, or missing although the record names it: the retry finds out which.
  if (!source) throw namedError("OriginalMissing", `${name}: its original ${imageId} is missing`);
  const made = new Map<string, StoredRendition>();
  const { undecodable } = await makeRenditions(source, expected, async ({ spec, body, width, height }) => {
    const { imageType, format } = spec;
    await images.create(renditionKey(name, generation, spec), body, format);
    made.set(imageType, { imageType, format, bytes: body.byteLength, width, height });
  });
  if (undecodable !== undefined) return { undecodable };
  return { renditions: expected.flatMap(({ imageType }) => made.get(imageType) ?? []) };
}

/** Whether renditions are still to be made. */
function isOpen({ status, givenUp }: RawRecord): boolean {
  return status === "PROCESSING" || (status === "FAILED" && givenUp === true);
}

/** Records the outcome, if the generation is still live and has none yet. */
async function conclude(
  { metadata, clock }: ResolutionBasedImagePutPorts,
  before: RawRecord,
  made: Made,
): Promise<UpdateResult> {
  const { original: name, generation = "" } = before;
  const isMade = made.undecodable === undefined;
  const outcome = isMade
    ? { status: "READY" as const, renditions: made.renditions }
    : { status: "FAILED" as const, reason: made.undecodable };
  let current = before;
  for (;;) {
    const result = await metadata.updateRaw(name, {
      when: [
        { attribute: "generation", oneOf: [generation] },
        { attribute: "status", oneOf: [current.status] },
        unchanged("givenUp", current.givenUp),
      ],
      set: { ...outcome, updatedAt: new Date(clock.now()).toISOString() },
      remove: isMade ? ["expected", "reason", "givenUp"] : ["givenUp"],
    });
    // Another delivery gave up meanwhile: what this one made counts all the same.
    if (result.applied || result.record?.generation !== generation || !isOpen(result.record)) return result;
    current = result.record;
  }
}

/** Records `FAILED` before the last try, which may die without a word. */
async function giveUp(
  { metadata, clock, journal }: ResolutionBasedImagePutPorts,
  { original: name, generation = "" }: RawRecord,
): Promise<RawRecord | undefined> {
  const result = await metadata.updateRaw(name, {
    when: [
      { attribute: "generation", oneOf: [generation] },
      { attribute: "status", oneOf: ["PROCESSING"] },
    ],
    set: { status: "FAILED", reason: GIVEN_UP, givenUp: true, updatedAt: new Date(clock.now()).toISOString() },
  });
  if (result.applied) journal.note("FAILED, unless the last try succeeds", { name, generation });
  return result.record;
}

const GIVEN_UP =
  "Its renditions could not be made, though it was tried several times. Send the image again, or ask who runs the service.";
