import { unchanged } from "./conditions";
import { clear } from "./deletion";
import { namedError } from "./errors";
import { backfillManifests, partsManifests, renditionKey, unneededManifests } from "./generation";
import { make, type Made, type ResolutionBasedImagePutPorts } from "./making";
import { bytesOf } from "./recordRoom";
import { differencesOf, recipeOf, renewed } from "./recipes";
import type { RenditionSpec } from "../imageTypes";
import type { JournalLine, UpdateResult } from "../ports";
import type { BackfillMessage, RawRecord } from "../records";

/**
 * Makes the renditions that a `READY` generation lacks, or has from another configuration, of its stored original. It is
 * the same generation: the new ones get keys of their own, and what they replace is superseded by the update that tells of
 * them. A newer upload, a DELETE or another backfill that comes in between wins.
 */
export async function backfill(
  ports: ResolutionBasedImagePutPorts,
  message: BackfillMessage,
  repeated: boolean,
): Promise<void> {
  const { metadata, journal, clock } = ports;
  const { original: name, generation } = message;
  const startedAt = clock.now();
  const finished = (line: JournalLine): void =>
    journal.finished({ name, generation, durationMs: clock.now() - startedAt, ...line });
  /** Ends the message where its work is done, or something later has decided about the generation. */
  const leave = async (decided: RawRecord | undefined, stored: boolean): Promise<void> => {
    // An earlier delivery may have died after its last update, or stored renditions after they were not wanted any more. And
    // the update that was refused may be one that the SDK repeated because the answer to its first attempt was lost.
    const mayBeLeft = stored || repeated ? [...leftoversOf(message, decided), ...(decided?.superseded ?? [])] : [];
    await clear(ports, name, [...new Set(mayBeLeft)]);
    finished({ outcome: decided?.generation === generation ? "repeated" : "stale" });
  };

  const { record, replaced } = await begin(ports, message, await metadata.readRaw(name));
  if (replaced === undefined) return leave(record, false);
  const made = await makeExpected(ports, record);
  const concluded = await conclude(ports, record, made, message);
  if (!concluded.result.applied) return leave(concluded.result.record, true);
  // An earlier delivery may have begun it, and have replaced others.
  await clear(ports, name, repeated ? concluded.result.record.superseded : [...replaced, ...concluded.replaced]);
  if (made.undecodable !== undefined) {
    finished({ outcome: "failed", reason: made.undecodable, cause: made.cause });
    return;
  }
  const bytes = made.renditions.reduce((sum, rendition) => sum + rendition.bytes, 0);
  finished({ outcome: "backfilled", renditions: made.renditions.length, bytes });
}

/**
 * Records the renditions that are to be made, before any is stored: the record refers to them from then on, and their
 * revision is never used again. Returns the manifests that this superseded, or none where there is nothing to do.
 */
async function begin(
  { metadata, room }: ResolutionBasedImagePutPorts,
  message: BackfillMessage,
  read: RawRecord | undefined,
): Promise<{ record: RawRecord; replaced: string[] } | { record: RawRecord | undefined; replaced: undefined }> {
  const { original: name, generation } = message;
  let record = read;
  for (;;) {
    if (record?.status !== "READY" || record.generation !== generation) return { record, replaced: undefined };
    const { revision = 0, renditions = [], expected, superseded = [] } = record;
    const { missing, unwanted } = differencesOf(renditions, message);
    // An earlier delivery has begun it, or an earlier attempt of this update.
    if (revision === message.revision + 1 && expected && textOf(expected) === textOf(missing))
      return { record, replaced: superseded };
    const differs = missing.length + unwanted.length > 0 || expected !== undefined;
    if (revision !== message.revision || !differs) return { record, replaced: undefined };
    const replaced = backfillManifests(record);
    if (bytesOf([...superseded, ...replaced]) > room.superseded) {
      throw namedError("RecordFull", `${name}: ${superseded.length} generations are still to be cleared away`);
    }
    const result = await metadata.updateRaw(name, {
      when: [
        { attribute: "generation", oneOf: [generation] },
        { attribute: "status", oneOf: ["READY"] },
        unchanged("revision", record.revision),
      ],
      set: { expected: missing, revision: revision + 1 },
      sets: { superseded: { add: replaced } },
    });
    if (result.applied) return { record: result.record, replaced };
    record = result.record;
  }
}

const textOf = (specs: RenditionSpec[]): string => specs.map((spec) => `${spec.imageType} ${recipeOf(spec)}`).join();

type Remade = Made | { renditions: []; preview?: undefined; undecodable?: undefined };

/** Where something is to be removed alone, the original is not read. */
const makeExpected = async (ports: ResolutionBasedImagePutPorts, record: RawRecord): Promise<Remade> =>
  record.expected?.length === 0 ? { renditions: [] } : make(ports, record);

/** Tells of the new renditions, if nothing else has decided about the generation since they were begun. */
async function conclude(
  { metadata, clock }: ResolutionBasedImagePutPorts,
  begun: RawRecord,
  made: Remade,
  message: BackfillMessage,
): Promise<{ result: UpdateResult; replaced: string[] }> {
  const { original: name, generation = "", renditions: before = [], revision = 0 } = begun;
  const isMade = made.undecodable === undefined;
  const renditions = isMade ? renewed(before, made.renditions, differencesOf(before, message), message.wanted) : before;
  // One of several that are stored as one object may stay.
  const kept = new Set(renditions.map((rendition) => renditionKey(name, generation, rendition)));
  const replaced = isMade
    ? partsManifests(
        generation,
        before.filter((rendition) => !kept.has(renditionKey(name, generation, rendition))),
      )
    : backfillManifests(begun);
  const result = await metadata.updateRaw(name, {
    when: [unchanged("generation", generation), unchanged("revision", begun.revision)],
    set: { renditions, revision: revision + 1, updatedAt: new Date(clock.now()).toISOString() },
    // Images from before there were previews get one.
    setIfAbsent: isMade ? made.preview : undefined,
    remove: ["expected"],
    sets: { superseded: { add: replaced } },
  });
  return { result, replaced };
}

/** A manifest of what deliveries of a message can have stored and the record does not need. */
function leftoversOf(
  { original: name, generation, wanted, revision }: BackfillMessage,
  record: RawRecord | undefined,
): string[] {
  const mayHaveBegun = record?.generation !== generation || (record.revision ?? 0) > revision;
  if (!mayHaveBegun) return [];
  const possible = wanted.map((spec) => ({ ...spec, revision: revision + 1 }));
  return partsManifests(generation, possible).flatMap((manifest) => unneededManifests(name, manifest, record));
}
