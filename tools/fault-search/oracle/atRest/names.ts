import { keysOf, manifestFor, uploadTag } from "../../../../handlers/protocol/generation";
import type { LiveGeneration, RawRecord } from "../../../../handlers/records";
import { reasonDue } from "../answers";
import type { AtRest } from "../atRest";
import { violationsOfDetails } from "../details";
import { Violation } from "../invariants";
import {
  follows,
  mayBeAccepted,
  mustBeAccepted,
  mustBeRejected,
  overruled,
  type Operation,
  type Uploaded,
} from "../operations";

/** I1, I2, I3 and I7: what became of each name that a client used. */
export function* namesAtRest(stored: AtRest, operations: Operation[]): Generator<Violation> {
  for (const name of new Set(operations.map((operation) => operation.name))) {
    if (name === "") continue; // an object whose key is the prefix alone is not an upload
    const ofName = operations.filter((operation) => operation.name === name);
    const record = stored.records.find(({ original }) => original === name);
    yield* record?.generation === undefined ? withoutImage(name, record, ofName) : withImage(stored, record, ofName);
    yield* rejections(name, record, ofName);
    yield* deleted(stored, name, record);
  }
}

const deletesOf = (operations: Operation[]): Operation[] => operations.filter(({ kind }) => kind === "delete");
/** The operations that decide about the image of a name. */
const decidersOf = (operations: Operation[]): Operation[] => [
  ...operations.filter(mustBeAccepted),
  ...deletesOf(operations),
];

function* withImage(stored: AtRest, record: RawRecord, operations: Operation[]): Generator<Violation> {
  const { original: name, status } = record;
  const shown = shownBy(stored, record, operations);
  yield* standing(name, shown, decidersOf(operations));
  if (!shown.some(({ upload }) => upload?.outcomes.some((outcome) => outcome === status && outcome !== "REJECTED"))) {
    yield new Violation("I1", `${name} is ${status} for good`);
  }
  if (status === "FAILED" && !record.reason) yield new Violation("I1", `${name} is FAILED without a reason`);
  yield* objectsOf(stored, record);
  yield* violationsOfDetails(name, record, uploadsOf(shown));
  if (!record.live) return;
  const before = shownBy(stored, { original: name, ...record.live }, operations);
  yield* standing(name, before, deletesOf(operations));
  if (!before.some(({ upload }) => upload?.outcomes.includes("READY"))) {
    yield new Violation("I1", `${name} serves ${versionOf(before[0])}, which cannot be READY`);
  }
  yield* objectsOf(stored, { original: name, ...record.live });
  yield* violationsOfDetails(name, record.live, uploadsOf(before));
}

const uploadsOf = (operations: Operation[]): Uploaded[] => operations.flatMap(({ upload }) => upload ?? []);

type Recorded = LiveGeneration & Pick<RawRecord, "original">;

const originalOf = (stored: AtRest, recorded: Recorded) => {
  const keys = keysOf(recorded.original, manifestFor(recorded) ?? "");
  return { key: keys.original, object: stored.objects.find(({ key }) => key === keys.original) };
};

/** The uploads that a generation may be made of. Until it is READY its original alone tells of the bytes. */
const shownBy = (stored: AtRest, recorded: Recorded, operations: Operation[]): Operation[] => {
  const { generation = "", contentHash = originalOf(stored, recorded).object?.shows } = recorded;
  return operations.filter(
    ({ upload }) =>
      upload !== undefined &&
      (contentHash === undefined || upload.contentHash === contentHash) &&
      (upload.versionId === undefined || uploadTag(upload.versionId) === generation.slice(0, 16)),
  );
};

/** One of these uploads was made by a client, and no later operation of these overruled it. */
function* standing(name: string, shown: Operation[], deciders: Operation[]): Generator<Violation> {
  if (!shown.some(mayBeAccepted)) {
    yield new Violation("I3", `${name} shows an upload that no client made`);
    return;
  }
  if (shown.some((operation) => !overruled(operation, deciders))) return;
  const isDeleted = shown.every((operation) => overruled(operation, deletesOf(deciders)));
  yield new Violation(
    isDeleted ? "I2" : "I3",
    `${name} shows upload ${versionOf(shown[0])}, which a later operation overruled`,
  );
}

/** The objects of a generation are those of its upload's bytes. */
function* objectsOf(stored: AtRest, recorded: Recorded): Generator<Violation> {
  const { original: name, renditions } = recorded;
  const keys = keysOf(name, manifestFor(recorded) ?? "");
  const { key, object } = originalOf(stored, recorded);
  const contentHash = recorded.contentHash ?? object?.shows;
  if (contentHash === undefined || object?.shows !== contentHash) {
    yield new Violation("I1", `${name}: ${key} is not what was uploaded`);
  }
  for (const imageId of renditions ? keys.renditions : []) {
    const rendition = stored.objects.find((each) => each.key === imageId);
    if (!rendition) yield new Violation("I1", `${name}: ${imageId} is missing`);
    else if (rendition.shows !== contentHash) {
      yield new Violation("I7", `${name}: ${imageId} is not of the bytes of its original`);
    }
  }
}

const versionOf = (operation: Operation | undefined): string =>
  operation?.upload?.versionId ?? operation?.upload?.contentHash.slice(0, 8) ?? "?";

function* withoutImage(name: string, record: RawRecord | undefined, operations: Operation[]): Generator<Violation> {
  const deletes = deletesOf(operations);
  const deciders = decidersOf(operations);
  const hadOne = deciders.some(({ acknowledged }) => acknowledged);
  const status = record?.status ?? "unknown";
  if (hadOne && !deletes.some((operation) => !overruled(operation, deciders))) {
    yield new Violation("I1", `${name} lost an acknowledged upload: it is ${status}`);
  }
  if (status === "READY" || status === "PROCESSING" || status === "FAILED") {
    yield new Violation("I1", `${name} is ${status} without an image`);
  }
  if (status === "DELETING" && !deletes.some((operation) => !operation.acknowledged)) {
    yield new Violation("I2", `${name} is DELETING for good`);
  }
}

function* rejections(name: string, record: RawRecord | undefined, operations: Operation[]): Generator<Violation> {
  const reason = record && reasonDue(record);
  const deletes = deletesOf(operations);
  const rejected = operations.filter(mustBeRejected);
  for (const operation of rejected) {
    if (!operation.acknowledged) continue;
    const undeleted = deletes.every((other) => follows(operation, other));
    if (undeleted && record?.generation === undefined && record?.status !== "REJECTED") {
      yield new Violation("I1", `${name}: a rejected upload left no trace: ${record?.status ?? "no record"}`);
    }
    const last = operations.every((other) => other === operation || follows(operation, other));
    if (last && !reason?.includes(operation.upload?.reason ?? "")) {
      yield new Violation("I1", `${name}: the last upload's rejection is not told: ${reason}`);
    }
  }
  if (record?.status === "REJECTED") {
    if (!reason) yield new Violation("I1", `${name} is REJECTED without a reason`);
    const mayBeRejected = operations.filter(({ upload }) => upload?.outcomes.includes("REJECTED"));
    if (!mayBeRejected.some((upload) => !overruled(upload, [upload, ...deletes]))) {
      yield new Violation("I2", `${name} is REJECTED though it was deleted later`);
    }
  }
}

function* deleted({ objects }: AtRest, name: string, record: RawRecord | undefined): Generator<Violation> {
  if (record?.status !== "DELETED") return;
  for (const { key } of objects) {
    if (nameOfKey(key) === name) yield new Violation("I2", `${name} is DELETED, but ${key} is left`);
  }
}

/** `<imageType>/<name>/<generation>.<ext>`; a name that breaks the rules may hold slashes. */
const nameOfKey = (key: string): string => key.split("/").slice(1, -1).join("/");
