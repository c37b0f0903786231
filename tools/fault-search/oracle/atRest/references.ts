import { keysOf, liveManifest } from "../../../../handlers/protocol/generation";
import type { RawRecord, RenditionRecord } from "../../../../handlers/records";
import type { AtRest } from "../atRest";
import { Violation } from "../invariants";
import type { Operation } from "../operations";

/** I5: no object without an item that refers to it, no item that refers to a missing object, no work left undone. */
export function* referencesAtRest(stored: AtRest, operations: Operation[]): Generator<Violation> {
  const present = new Set(stored.objects.map(({ key }) => key));
  const referred = new Set<string>();
  const items = new Map<string, RenditionRecord[]>();
  for (const item of stored.renditions) items.set(item.original, [...(items.get(item.original) ?? []), item]);

  for (const record of stored.records) {
    const { original: name } = record;
    const unfinished = operations.some((o) => o.name === name && o.kind === "delete" && !o.acknowledged);
    yield* workLeft(record, unfinished);
    for (const key of liveKeys(record)) {
      referred.add(key);
      if (!present.has(key)) yield new Violation("I5", `${name} (${record.status}) refers to ${key}, which is missing`);
    }
    // A superseded generation may have lost some of its objects already.
    for (const key of supersededKeys(record)) referred.add(key);
    // A generation that was given up may have some, until an upload or a DELETE supersedes it.
    if (record.givenUp) for (const key of keysOfManifests(name, [liveManifest(record) ?? ""])) referred.add(key);
    for (const item of items.get(name) ?? []) yield* itemOf(item, record);
  }
  for (const { status, imageId } of stored.renditions) if (status === "STORED") referred.add(imageId);
  for (const { key } of stored.objects) if (!referred.has(key)) yield new Violation("I5", `no item refers to ${key}`);

  function* itemOf({ status, generation, imageId }: RenditionRecord, record: RawRecord): Generator<Violation> {
    if (status !== "STORED") return;
    if (record.superseded?.some((manifest) => manifest.startsWith(generation))) return;
    if (generation !== record.generation) {
      yield new Violation(
        "I5",
        `${record.original}: an item refers to ${imageId}, which is not of its live generation`,
      );
    }
    if (!present.has(imageId)) yield new Violation("I5", `an item refers to ${imageId}, which is missing`);
  }
}

/** Only a DELETE that was never acknowledged may leave work, to the DELETE that repeats it. */
function* workLeft({ original, cancelled, superseded }: RawRecord, unfinished: boolean): Generator<Violation> {
  if (unfinished) return;
  if (cancelled) yield new Violation("I5", `${original}: a cancelled upload is never removed`);
  if (superseded) yield new Violation("I5", `${original}: a superseded generation is never cleared away`);
}

function liveKeys(record: RawRecord): string[] {
  const manifest = liveManifest(record);
  if (manifest === undefined) return record.imageId === undefined ? [] : [record.imageId];
  const { original, renditions } = keysOf(record.original, manifest);
  return [original, ...(record.status === "READY" ? renditions.map(({ imageId }) => imageId) : [])];
}

const supersededKeys = ({ original: name, superseded = [] }: RawRecord): string[] => keysOfManifests(name, superseded);

function keysOfManifests(name: string, manifests: string[]): string[] {
  return manifests.flatMap((manifest) => {
    const { original, renditions } = keysOf(name, manifest);
    return [original, ...renditions.map(({ imageId }) => imageId)];
  });
}
