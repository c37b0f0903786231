import type { Observation } from "./session";

const label = (name: string, text: string): string => `    ${name.padEnd(9)} ${text}`;

/** The request of a check, its expectation and its finding; a difference is marked. */
export function observationText({ asked, expected, seen, detail }: Observation): string {
  const more = detail === undefined ? "" : ` (${detail})`;
  const mark = seen === expected ? "" : "  ✘";
  return [label("asked", asked), label("expected", expected), label("seen", seen + more + mark)].join("\n");
}
