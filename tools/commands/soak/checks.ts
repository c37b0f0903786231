import { keysOf, liveManifest } from "../../../handlers/protocol/generation";
import type { RawRecord, RenditionRecord } from "../../../handlers/records";
import { reasonOf } from "../../../handlers/protocol/rawImageGetProcess";
import { type Operation, possiblyLast, possiblyNothing } from "./history";

/** Everything that the service has stored, at rest. */
export interface Stored {
  /** Keys of the temp bucket, one entry for each version and delete marker. */
  temp: string[];
  /** Keys of the image bucket, versions included. */
  images: string[];
  raw: RawRecord[];
  renditions: RenditionRecord[];
  /** Messages by queue, whatever their state. */
  messages: Record<string, number>;
  deadLetters: { queue: string; cause: string; poison: boolean }[];
}

export interface Violation {
  invariant: string;
  what: string;
}

/** Checks the protocol's invariants at rest (docs/protocol.md) against what is really stored. */
export function checkAtRest(stored: Stored, history: Operation[]): Violation[] {
  return [...names(stored, history), ...leftovers(stored), ...references(stored), ...messages(stored)];
}

/** I1, I2, I3: what became of each name. */
function* names({ raw, images }: Stored, history: Operation[]): Generator<Violation> {
  for (const name of new Set(history.map((operation) => operation.name))) {
    const operations = history.filter((operation) => operation.name === name);
    const record = raw.find(({ original }) => original === name);
    const last = possiblyLast(operations);
    const mayBeNothing = possiblyNothing(operations);
    if (!last.some((operation) => agrees(record, operation, operations)) && !(mayBeNothing && !record)) {
      const invariant = last.every(({ kind }) => kind === "delete") ? "I2" : last.length === 1 ? "I1" : "I3";
      yield {
        invariant,
        what: `${name}: ${summary(record)}, but its last operation was ${last.map(text).join(" or ")}`,
      };
    }
    if (record?.status === "DELETED") {
      const kept = images.filter((key) => key.split("/")[1] === name);
      if (kept.length > 0) yield { invariant: "I2", what: `${name} is DELETED, but there is ${kept.join(", ")}` };
    }
  }
}

/** Whether a record is what must be there if this operation was the last one. */
function agrees(record: RawRecord | undefined, last: Operation, all: Operation[]): boolean {
  switch (last.kind) {
    case "put":
      return record?.status === "READY" && record.contentHash === last.contentHash;
    case "put-bad": {
      if (!record || reasonOf(record) === undefined) return false;
      // The image that was there before stays, and is one that somebody sent.
      const before = all.some(({ kind, contentHash }) => kind === "put" && contentHash === record.contentHash);
      return record.status === "REJECTED" || (record.status === "READY" && before);
    }
    case "delete": {
      // One that was never answered may have stopped half way; repeating it completes it.
      const done = record === undefined || record.status === "DELETED";
      return done || (!last.acknowledged && record.status === "DELETING");
    }
  }
}

/** I4. */
function* leftovers({ temp }: Stored): Generator<Violation> {
  if (temp.length > 0) yield { invariant: "I4", what: `still in the temp bucket: ${temp.join(", ")}` };
}

/** I5: every object has its item, and every item its object. */
function* references({ raw, renditions, images }: Stored): Generator<Violation> {
  const stored = new Set(images);
  const referred = new Set<string>();
  const missing = function* (key: string, item: string): Generator<Violation> {
    referred.add(key);
    if (!stored.has(key)) yield { invariant: "I5", what: `${item} refers to ${key}, which is missing` };
  };
  for (const record of raw) {
    if (record.imageId !== undefined) yield* missing(record.imageId, `${record.original} (${record.status})`);
    const manifest = liveManifest(record);
    if (record.status === "READY" && manifest !== undefined) {
      for (const { imageId } of keysOf(record.original, manifest).renditions) yield* missing(imageId, record.original);
    }
  }
  for (const { original, imageType, imageId, status } of renditions) {
    if (status === "STORED") yield* missing(imageId, `${original} ${imageType}`);
  }
  // An unanswered DELETE that stopped half way still knows what it has to clear away.
  for (const { original, status, superseded = [] } of raw) {
    for (const manifest of status === "DELETING" ? superseded : []) {
      const keys = keysOf(original, manifest);
      for (const key of [keys.original, ...keys.renditions.map(({ imageId }) => imageId)]) referred.add(key);
    }
  }
  for (const key of images) {
    if (!referred.has(key)) yield { invariant: "I5", what: `no item refers to ${key}` };
  }
}

/** I8: every message was finished, or is poison in a dead-letter queue. */
function* messages({ messages: counts, deadLetters }: Stored): Generator<Violation> {
  for (const [queue, count] of Object.entries(counts)) {
    if (count > 0) yield { invariant: "I8", what: `${count} messages are left in ${queue}` };
  }
  for (const { queue, cause, poison } of deadLetters) {
    if (!poison) yield { invariant: "I8", what: `a dead letter of ${queue} that is no poison: ${cause}` };
  }
}

/** I6, between two looks at the table: neither epoch nor sequencer goes back. */
export function checkProgress(before: RawRecord[], after: RawRecord[]): Violation[] {
  return before.flatMap((old) => {
    const now = after.find(({ original }) => original === old.original);
    const back: string[] = [];
    if (!now) back.push("is gone");
    if (now && now.epoch < old.epoch) back.push(`epoch went from ${old.epoch} back to ${now.epoch}`);
    for (const attribute of ["sequencer", "rejectedSequencer"] as const) {
      if (now && (now[attribute] ?? "") < (old[attribute] ?? "")) back.push(`${attribute} went back`);
    }
    return back.map((what) => ({ invariant: "I6", what: `${old.original}: ${what}` }));
  });
}

/** I10: after all messages were delivered once more, everything is as it was. */
export function checkReplay(before: Stored, after: Stored): Violation[] {
  const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
  return same ? [] : [{ invariant: "I10", what: "replaying all messages changed what is stored" }];
}

function sorted({ temp, images, raw, renditions }: Stored): unknown {
  const byKey = <Item extends { original: string; imageType?: string }>(items: Item[]): Item[] =>
    [...items].sort((a, b) => (`${a.original}/${a.imageType ?? ""}` < `${b.original}/${b.imageType ?? ""}` ? -1 : 1));
  return [[...temp].sort(), [...images].sort(), byKey(raw), byKey(renditions)];
}

const summary = (record: RawRecord | undefined): string =>
  record
    ? `${record.status} ${record.contentHash?.slice(0, 8) ?? ""}${record.rejectedReason ? " (rejection)" : ""}`
    : "unknown";

const text = ({ kind, acknowledged, contentHash }: Operation): string =>
  `${kind}${contentHash ? ` ${contentHash.slice(0, 8)}` : ""}${acknowledged ? "" : " (unanswered)"}`;
