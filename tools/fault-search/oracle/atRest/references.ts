import { allOf, keysOf, liveOf, manifestsOf } from "../../../../handlers/protocol/generation";
import type { RawRecord } from "../../../../handlers/records";
import type { AtRest } from "../atRest";
import { Violation } from "../invariants";
import type { Operation } from "../operations";
import { violationsOfRenditions } from "../renditions";

/** I5, I11 and READY: no object to which no record refers, no record that refers to a missing object, no work left undone. */
export function* referencesAtRest(stored: AtRest, operations: Operation[]): Generator<Violation> {
  const present = new Map(stored.objects.map((object) => [object.key, object]));
  const referred = new Set<string>();

  for (const record of stored.records) {
    const { original: name } = record;
    const unfinished = operations.some((o) => o.name === name && o.kind === "delete" && !o.acknowledged);
    yield* workLeft(record, unfinished);
    const { imageId } = record;
    const needed = [...(imageId === undefined ? [] : [imageId]), ...keysOfManifests(name, manifestsOf(liveOf(record)))];
    for (const key of needed) {
      referred.add(key);
      if (!present.has(key)) yield new Violation("I5", `${name} (${record.status}) refers to ${key}, which is missing`);
    }
    yield* violationsOfRenditions(record, (key) => present.get(key));
    // A superseded generation may have lost some of its objects already.
    for (const key of keysOfManifests(name, record.superseded ?? [])) referred.add(key);
    // A generation that was given up may have some, until an upload or a DELETE supersedes it.
    if (record.givenUp) for (const key of keysOfManifests(name, manifestsOf(record))) referred.add(key);
  }
  for (const key of present.keys()) if (!referred.has(key)) yield new Violation("I5", `no record refers to ${key}`);
  for (const key of stored.cached) {
    if (!present.has(key)) yield new Violation("I11", `edge caches keep ${key}, which is gone`);
  }
}

/** Only a DELETE that was never acknowledged may leave work, to the DELETE that repeats it. */
function* workLeft({ original, cancelled, superseded }: RawRecord, unfinished: boolean): Generator<Violation> {
  if (unfinished) return;
  if (cancelled) yield new Violation("I5", `${original}: a cancelled upload is never removed`);
  if (superseded) yield new Violation("I5", `${original}: a superseded generation is never cleared away`);
}

function keysOfManifests(name: string, manifests: string[]): string[] {
  return manifests.flatMap((manifest) => allOf(keysOf(name, manifest)));
}
