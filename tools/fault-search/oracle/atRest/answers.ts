import { violationsOfAnswer } from "../answers";
import type { AtRest } from "../atRest";
import { Violation } from "../invariants";

/** GET tells what is stored, and nothing else. */
export function* answersAtRest({ records, objects, answers }: AtRest): Generator<Violation> {
  const present = new Set(objects.map(({ key }) => key));
  for (const { object } of answers) {
    if (!records.some(({ original }) => original === object)) yield new Violation("GET", `${object}: has no record`);
  }
  for (const record of records) {
    const { original: name } = record;
    const answer = answers.find(({ object }) => object === name);
    yield* violationsOfAnswer(name, record, answer);
    for (const { key } of answer?.renditions ?? []) {
      if (!present.has(key)) yield new Violation("GET", `${name}: the URL of ${key} leads nowhere`);
    }
  }
}
