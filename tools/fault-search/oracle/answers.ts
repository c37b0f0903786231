import { liveOf } from "../../../handlers/protocol/generation";
import type { RawRecord } from "../../../handlers/records";
import type { Answer } from "./atRest";
import { detailsText } from "./details";
import { Violation } from "./invariants";

/** The reason that a name's uploader must be told. A rejection counts until a later upload is accepted. */
export function reasonDue({ sequencer = "", rejectedSequencer = "", rejectedReason, reason, live }: RawRecord) {
  if (rejectedReason !== undefined && rejectedSequencer > sequencer) return rejectedReason;
  return live ? undefined : reason; // why a successor failed is told of the successor
}

/** `GET` tells what the record says, at any moment; where there is no image, that an upload waits. */
export function* violationsOfAnswer(
  name: string,
  record: RawRecord | undefined,
  answer: Answer | undefined,
  waits = false,
): Generator<Violation> {
  const wrong = (what: string, said: string | undefined, due: string | undefined): Violation[] =>
    said === due ? [] : [new Violation("GET", `${name}: its ${what} is "${said}", not "${due}"`)];
  if (!record || (record.status === "DELETED" && waits)) {
    yield* wrong("status", answer?.status, waits ? "UPLOADED" : undefined);
    return;
  }
  const live = liveOf(record);
  const pending = record.live && record;
  yield* wrong("status", answer?.status, live ? "READY" : record.status);
  yield* wrong("reason", answer?.reason, reasonDue(record));
  yield* wrong("renditions", typesOf(answer?.renditions), typesOf(live?.renditions));
  yield* wrong("details", toldText(answer), detailsText(live ?? record));
  yield* wrong("placeholder", answer?.placeholder, live?.placeholder);
  yield* wrong("dominant colour", answer?.dominantColour, live?.dominantColour);
  yield* wrong("pending details", toldText(answer?.pending), detailsText(pending ?? {}));
  yield* wrong("pending status", answer?.pending?.status, pending?.status);
  yield* wrong("pending reason", answer?.pending?.reason, pending?.reason);
}

/** The details that an answer tells, as a text. */
const toldText = ({ metadata, focus }: Pick<Answer, "metadata" | "focus"> = {}): string =>
  detailsText({ metadata: metadata && JSON.stringify(metadata), focus });

const typesOf = (renditions: { imageType: string }[] = []): string =>
  renditions.map(({ imageType }) => imageType).join();
