import type { AtRest } from "../atRest";
import { Violation } from "../invariants";

/** GET tells what is stored, and nothing else. */
export function* answersAtRest({ records, objects, answers }: AtRest): Generator<Violation> {
  const present = new Set(objects.map(({ key }) => key));
  for (const { object } of answers) {
    if (!records.some(({ original }) => original === object)) yield new Violation("GET", `${object}: has no record`);
  }
  for (const { original: name, status, expected = [] } of records) {
    const answer = answers.find(({ object }) => object === name);
    if (answer?.status !== status) {
      yield new Violation("GET", `${name}: says ${answer?.status ?? "nothing"}`);
      continue;
    }
    const told = answer.renditions.map(({ imageType }) => imageType).join();
    const due = (status === "READY" ? expected : []).map(({ imageType }) => imageType).join();
    if (told !== due) yield new Violation("GET", `${name}: tells of the renditions ${told || "none"}, not ${due}`);
    for (const { key } of answer.renditions) {
      if (!present.has(key)) yield new Violation("GET", `${name}: the URL of ${key} leads nowhere`);
    }
    if ((status === "REJECTED" || status === "FAILED") && !answer.reason) {
      yield new Violation("GET", `${name}: ${status} without a reason`);
    }
  }
}
