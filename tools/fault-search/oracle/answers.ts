import type { RawRecord } from "../../../handlers/records";
import type { Answer } from "./atRest";
import { Violation } from "./invariants";

/** The reason that a name's uploader must be told. A rejection counts until a later upload is accepted. */
export function reasonDue({ sequencer = "", rejectedSequencer = "", rejectedReason, reason }: RawRecord) {
  return rejectedReason !== undefined && rejectedSequencer > sequencer ? rejectedReason : reason;
}

/** `GET` tells what the record says, at any moment; where there is no image, that an upload waits. */
export function* violationsOfAnswer(
  name: string,
  record: RawRecord | undefined,
  answer: Answer | undefined,
  waits = false,
): Generator<Violation> {
  if (!record || (record.status === "DELETED" && waits)) {
    const due = waits ? "UPLOADED" : "nothing";
    const said = answer?.status ?? "nothing";
    if (said !== due) yield new Violation("GET", `${name}: says ${said}, not ${due}`);
    return;
  }
  const { status, renditions = [] } = record;
  if (answer?.status !== status) {
    yield new Violation("GET", `${name} is ${status}: says ${answer?.status ?? "nothing"}`);
    return;
  }
  const due = reasonDue(record);
  if (answer.reason !== due) yield new Violation("GET", `${name} (${status}): tells "${answer.reason}", not "${due}"`);
  const told = answer.renditions.map(({ imageType }) => imageType).join();
  const types = renditions.map(({ imageType }) => imageType).join();
  if (told !== types) yield new Violation("GET", `${name}: tells of the renditions ${told || "none"}, not ${types}`);
}
