import { backfill } from "./backfilling";
import { unchanged } from "./conditions";
import { clear, removeRenditions } from "./deletion";
import { keysOf, liveOf, manifestsOf, unneededManifests } from "./generation";
import { listedUnder } from "./listing";
import { make, type Made, type ResolutionBasedImagePutPorts } from "./making";
import { parsePutMessage } from "./messages";
import type { JournalLine, UpdateResult } from "../ports";
import type { RawRecord } from "../records";

export type { ResolutionBasedImagePutPorts } from "./making";

/**
 * Makes every rendition of one generation from one read of its original. `READY` is recorded, with the renditions, only
 * after every object is stored, and only while no newer upload was accepted; else what was made is cleared away again. The
 * generation that was live until then is superseded by the same update. The last try records `FAILED` before it works,
 * because it may die; when it succeeds, the image is `READY` after all. A message of a backfill renews the renditions of a
 * `READY` generation instead.
 */
export function resolutionBasedImagePutProcess(ports: ResolutionBasedImagePutPorts) {
  const { metadata, journal, clock } = ports;
  return async (
    body: unknown,
    { lastTry, receiveCount }: { lastTry: boolean; receiveCount: number },
  ): Promise<void> => {
    const message = parsePutMessage(body);
    if ("wanted" in message) return backfill(ports, message, receiveCount > 1);
    const { original: name, manifest } = message;
    const { generation } = keysOf(name, manifest);
    const startedAt = clock.now();
    const finished = (line: JournalLine): void =>
      journal.finished({ name, generation, durationMs: clock.now() - startedAt, ...line });
    /** Ends the message where another delivery, a newer upload or a DELETE has decided about the generation. */
    const leave = async (decided: RawRecord | undefined, stored: boolean): Promise<void> => {
      const isLive = liveOf(decided)?.generation === generation;
      const isNeeded = isLive || decided?.generation === generation;
      // FAILED: the delivery that found the original undecodable may have died before it did so.
      if (isNeeded && !isLive) await removeRenditions(ports, name, manifest);
      // An earlier delivery may have died between READY and its message.
      const superseded = isLive || receiveCount > 1 ? decided?.superseded : [];
      // A backfill may have replaced renditions before this delivery, or an earlier one, stored them once more.
      const replaced = isLive && (stored || receiveCount > 1) ? unneededManifests(name, manifest, decided) : [];
      // Renditions that this delivery stored may have been served before, and be in edge caches.
      const leftovers = isNeeded ? replaced : [manifest];
      await clear(ports, name, [...new Set([...leftovers, ...(superseded ?? [])])]);
      finished({ outcome: isNeeded ? "repeated" : "stale" });
    };

    let record = await metadata.readRaw(name);
    if (lastTry && record?.generation === generation && record.status === "PROCESSING") {
      record = await giveUp(ports, record);
    }
    if (record?.generation !== generation || !isOpen(record)) return leave(record, false);
    const made = await make(ports, record);
    const replaced = manifestsOf(record.live);
    const result = await conclude(ports, record, made, replaced);
    if (!result.applied) return leave(result.record, true);
    if (made.undecodable !== undefined) {
      await removeRenditions(ports, name, manifest);
      finished({ outcome: "failed", reason: made.undecodable, cause: made.cause });
      return;
    }
    // Only what this update replaced: with all that still waits, many uploads of one name would make work without bound.
    await clear(ports, name, replaced);
    const { renditions } = made;
    const latencyMs = clock.now() - Date.parse(message.uploadedAt);
    const bytes = renditions.reduce((sum, { storedAs, ...rendition }) => sum + (storedAs ? 0 : rendition.bytes), 0);
    finished({ outcome: "ready", renditions: renditions.length, bytes, latencyMs });
  };
}

/** Whether renditions are still to be made. */
function isOpen({ status, givenUp }: RawRecord): boolean {
  return status === "PROCESSING" || (status === "FAILED" && givenUp === true);
}

/** Records the outcome, if the generation is still the newest and has none yet. */
async function conclude(
  { metadata, clock }: ResolutionBasedImagePutPorts,
  before: RawRecord,
  made: Made,
  replaced: string[],
): Promise<UpdateResult> {
  const { original: name, generation = "" } = before;
  const isMade = made.undecodable === undefined;
  const outcome = isMade
    ? {
        status: "READY" as const,
        ...listedUnder(name, { status: "READY" }),
        renditions: made.renditions,
        ...made.preview,
        ...made.original,
      }
    : { status: "FAILED" as const, ...listedUnder(name, { ...before, status: "FAILED" }), reason: made.undecodable };
  let current = before;
  for (;;) {
    const result = await metadata.updateRaw(name, {
      when: [
        { attribute: "generation", oneOf: [generation] },
        { attribute: "status", oneOf: [current.status] },
        unchanged("givenUp", current.givenUp),
      ],
      set: { ...outcome, updatedAt: new Date(clock.now()).toISOString() },
      remove: isMade ? ["expected", "live", "reason", "givenUp"] : ["givenUp"],
      sets: { superseded: { add: isMade ? replaced : [] } },
    });
    // Another delivery gave up meanwhile: what this one made counts all the same.
    if (result.applied || result.record?.generation !== generation || !isOpen(result.record)) return result;
    current = result.record;
  }
}

/**
 * Records `FAILED` before the last try, which may die without a word; or when a person gives a dead letter up. A delivery that
 * succeeds all the same makes the image READY.
 * @returns the record as it is then
 */
export async function giveUp(
  { metadata, clock, journal }: Pick<ResolutionBasedImagePutPorts, "metadata" | "clock" | "journal">,
  { original: name, generation = "", live }: RawRecord,
): Promise<RawRecord | undefined> {
  const result = await metadata.updateRaw(name, {
    when: [
      { attribute: "generation", oneOf: [generation] },
      { attribute: "status", oneOf: ["PROCESSING"] },
    ],
    set: {
      status: "FAILED",
      ...listedUnder(name, { status: "FAILED", live }),
      reason: GIVEN_UP,
      givenUp: true,
      updatedAt: new Date(clock.now()).toISOString(),
    },
  });
  if (result.applied) journal.note("FAILED, unless the last try succeeds", { name, generation });
  return result.record;
}

const GIVEN_UP =
  "Its renditions could not be made, though it was tried several times. Send the image again, or ask who runs the service.";
