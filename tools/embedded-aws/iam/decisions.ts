import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessDecision } from "./evaluate";
import type { LocalIam } from "./iam";

/** In the data folder. */
const FILE = "decisions.jsonl";

/**
 * Writes each decision that differs from all before to a line of a file in the data folder, and keeps those of earlier
 * runs.
 * @returns what ends that
 */
export function recordDecisions(iam: Pick<LocalIam, "onDecision">, folder: string): () => void {
  const file = join(folder, FILE);
  const known = new Set(readDecisions(folder).map((decision) => JSON.stringify(decision)));
  writeFileSync(file, [...known].map((line) => `${line}\n`).join(""));
  return iam.onDecision((decision) => {
    const line = JSON.stringify(decision);
    if (known.has(line)) return;
    known.add(line);
    appendFileSync(file, `${line}\n`);
  });
}

/** The decisions that were recorded in a data folder, each once, in the order of their first time. */
export function readDecisions(folder: string): AccessDecision[] {
  const file = join(folder, FILE);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // A kill can cut the last line short.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as AccessDecision);
}
