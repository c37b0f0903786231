import type { Judged, LocatedFinding } from "./located";
import { sarifOf } from "./sarif";

export type Format = "table" | "json" | "sarif" | "markdown";

/** The judgement of a stack as text, in each format. */
export const formats: Record<Format, (judged: Judged) => string> = {
  table: (judged) => lines(...judged.findings.flatMap(row), countsOf(judged)),
  json: (judged) => lines(JSON.stringify(judged, undefined, 2)),
  sarif: (judged) => lines(JSON.stringify(sarifOf(judged), undefined, 2)),
  markdown: (judged) =>
    lines(`# Policy findings of stack \`${judged.stack}\``, "", ...judged.findings.map(bullet), countsOf(judged)),
};

const lines = (...all: string[]): string => `${all.join("\n")}\n`;

const nameOf = ({ urn }: LocatedFinding): string => urn.split("::").at(-1) ?? "";

const wordOf = ({ kind, level }: LocatedFinding): string => (kind === "not-checked" ? kind : level);

function row(finding: LocatedFinding): string[] {
  const { rule, file, line, message } = finding;
  return [`${wordOf(finding).padEnd(11)}  ${rule}  ${nameOf(finding)}  ${file}:${line}`, `  ${message}`];
}

function bullet(finding: LocatedFinding): string {
  const { rule, file, line, message } = finding;
  return `- **${wordOf(finding)}** \`${rule}\` on \`${nameOf(finding)}\` (${file}:${line}): ${message.replace(/\s*\n\s*/g, " ")}\n`;
}

function countsOf({ stack, findings, suppressed }: Judged): string {
  const of = (word: string) => findings.filter((finding) => wordOf(finding) === word).length;
  return `Stack ${stack}: ${of("mandatory")} mandatory, ${of("advisory")} advisory, ${of("not-checked")} not checked; ${suppressed} suppressed.`;
}
