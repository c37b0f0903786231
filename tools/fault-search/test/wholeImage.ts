import { allOf, generationOf, keysOf, manifestOf, originalKey, sha256 } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import type { AtRest } from "../oracle/atRest";
import type { Operation } from "../oracle/operations";

const spec = { imageType: "small", width: 10, height: 10, fit: "inside", format: "webp", quality: 80 } as const;
const body = "the bytes of a picture";
export const contentHash = sha256(body);
const preview = { placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI", dominantColour: "#808080" };

/** A service that stores one image, whole and READY, and the upload that brought it. */
export function wholeImage(original = "a.jpg"): { stored: AtRest; history: Operation[]; record: RawRecord } {
  const generation = generationOf(contentHash, "v1");
  const record: RawRecord = {
    original,
    id: "i",
    epoch: 0,
    status: "READY",
    sequencer: "10",
    generation,
    contentHash,
    format: "jpeg",
    bytes: body.length,
    width: 1,
    height: 1,
    ...preview,
    renditions: [{ imageType: "small", format: "webp", bytes: 1, width: 10, height: 7 }],
    statusShard: "READY#0",
    listPosition: "2030-01-01T00:00:00.000Z i",
    createdAt: "2030-01-01T00:00:00.000Z",
    updatedAt: "2030-01-01T00:00:00.000Z",
    imageId: originalKey(original, generation, "jpeg"),
  };
  const [originalId = "", imageId = ""] = allOf(keysOf(original, manifestOf(generation, "jpeg", [spec])));
  const stored: AtRest = {
    records: [record],
    objects: [
      { key: originalId, shows: contentHash, bytes: body.length },
      { key: imageId, shows: contentHash, bytes: 1, width: 10, height: 7 },
    ],
    cached: [],
    uploads: [],
    messages: [{ queue: "PutRawImageQueue", count: 0 }],
    deadLetters: [],
    poison: [],
    answers: [{ object: original, status: "READY", ...preview, renditions: [{ imageType: "small", key: imageId }] }],
  };
  return { stored, record, history: [put(0, { name: original, versionId: "v1" })] };
}

/** An acknowledged upload that took from `start` to `start` + 1. */
export function put(
  start: number,
  { name = "a.jpg", hash = contentHash, versionId }: { name?: string; hash?: string; versionId?: string } = {},
): Operation {
  const upload = { contentHash: hash, versionId, outcomes: ["READY" as const] };
  return { kind: "put", name, start, end: start + 1, acknowledged: true, upload };
}

export const bad = (start: number): Operation => ({
  ...put(start),
  upload: { contentHash: "0".repeat(64), outcomes: ["REJECTED"] },
});

export const deletion = (start: number): Operation => ({
  kind: "delete",
  name: "a.jpg",
  start,
  end: start + 1,
  acknowledged: true,
});

/** The operation, never answered: it may have taken effect at any later time, or not at all. */
export const unanswered = (operation: Operation): Operation => ({ ...operation, end: Infinity, acknowledged: false });
