import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import type { RawRecord } from "../../../handlers/records";
import { answersAtRest } from "./atRest/answers";
import { namesAtRest } from "./atRest/names";
import { referencesAtRest } from "./atRest/references";
import { Violation } from "./invariants";
import type { Operation } from "./operations";
import { violationsOfForm } from "./recordForm";
import type { Measured } from "./renditions";

/**
 * The stored state of a service once its queues are empty and nothing runs. The fault search reads its simulated world into
 * this shape and the soak the running service, so that both are judged by the same invariants.
 */
export interface AtRest {
  records: RawRecord[];
  /** The objects of the image bucket, old versions included. */
  objects: StoredObject[];
  /** The keys of the objects that edge caches keep. */
  cached: string[];
  /** The versions and delete markers of the temp bucket. */
  uploads: { key: string; versionId: string }[];
  /** The messages of each source queue, whatever their state. */
  messages: { queue: string; count: number }[];
  deadLetters: { queue: string; body: string; cause: string; poison: boolean }[];
  /** The bodies of messages that no function can work on. */
  poison: string[];
  /** The answer of `GET` to each name that it knows. */
  answers: Answer[];
}

export interface Answer extends Pick<
  ImageStatus,
  "object" | "reason" | "metadata" | "focus" | "placeholder" | "dominantColour" | "pending"
> {
  status: ImageStatus["status"] | "UPLOADED";
  /** `key`: of the object to which the rendition's URL leads. */
  renditions: { imageType: string; key: string }[];
}

export interface StoredObject extends Measured {
  key: string;
  /** SHA-256 of the upload whose bytes or picture the object shows; undefined where it shows none. */
  shows: string | undefined;
}

/**
 * Every breach of the invariants I1 to I5, I7, I8, I11, READY, GET, DETAILS and FORM (docs/protocol.md).
 * @example
 * for (const violation of violationsAtRest(stored, operations)) console.error(violation.message);
 */
export function* violationsAtRest(stored: AtRest, operations: Operation[]): Generator<Violation> {
  yield* messagesAtRest(stored);
  for (const { key, versionId } of stored.uploads) {
    yield new Violation("I4", `${key} ${versionId} is left in the temp bucket`);
  }
  yield* namesAtRest(stored, operations);
  yield* referencesAtRest(stored, operations);
  yield* answersAtRest(stored);
  for (const record of stored.records) yield* violationsOfForm(record);
}

function* messagesAtRest({ messages, deadLetters, poison }: AtRest): Generator<Violation> {
  for (const { queue, count } of messages) {
    if (count > 0) yield new Violation("I8", `${count} messages are left in ${queue}`);
  }
  for (const letter of deadLetters) {
    if (!letter.poison)
      yield new Violation("I8", `a healthy message is in the dead-letter queue of ${letter.queue}: ${letter.cause}`);
  }
  for (const body of poison) {
    if (!deadLetters.some((letter) => letter.body === body)) {
      yield new Violation("I8", `a message that no function can work on was acknowledged: ${body}`);
    }
  }
}

/**
 * I10: after every message was delivered once more, everything is as it was.
 * @example
 * const before = await stored();
 * await deliverAllAgain();
 * violations.push(...violationsOfReplay(before, await stored()));
 */
export function* violationsOfReplay(before: AtRest, after: AtRest): Generator<Violation> {
  const [was, is] = [comparable(before), comparable(after)];
  for (const [index, text] of was.entries()) {
    if (text !== is[index]) yield new Violation("I10", `the state changed from ${text} to ${is[index]}`);
  }
}

function comparable({ records, objects, uploads }: AtRest): string[] {
  const text = (list: object[]): string =>
    list
      .map((item) => JSON.stringify(sorted(item)))
      .sort()
      .join(" ");
  return [text(records), text(objects), text(uploads)];
}

const sorted = (item: object): object =>
  Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
