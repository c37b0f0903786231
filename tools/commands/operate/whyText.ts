import { sizeText } from "../images/text";
import { quoted } from "../support/quoted";
import type { ImageFacts } from "./imageFacts";

/** Lines of the log on the page; the newest. */
const MOST_LINES = 40;

/** One page about an image. @param service the flags that tell which service it is */
export function whyText(facts: ImageFacts, next: readonly string[], service: string): string {
  const { name, uploads, deadLetters, tries, log } = facts;
  return [
    `${name}: ${statusOf(facts)}`,
    ...recordLines(facts),
    ...generationLines(facts),
    ...section(
      "Uploads that wait",
      uploads.map(({ versionId, storedAt, bytes }) => `${storedAt}  ${sizeText(bytes)}  version ${versionId}`),
    ),
    ...section(
      "Dead letters",
      deadLetters.map(({ queue, cause, reason, since }) => `${since}  ${queue}  ${cause}: ${reason}`),
    ),
    ...section(
      "Tries that failed",
      tries.map(
        ({ at, function: of, tries: count, cause, lastTry }) =>
          `${at}  ${of}  try ${count}${lastTry ? ", the last one" : ""}: ${cause}`,
      ),
    ),
    ...section("Log", logSection(name, log, service)),
    ...section("Next", next),
  ].join("\n");
}

function statusOf({ record, uploads }: ImageFacts): string {
  if (record === undefined) return uploads.length > 0 ? "UPLOADED" : "unknown";
  return record.live ? `READY, and a newer upload is ${record.status}` : record.status;
}

function recordLines({ record }: ImageFacts): string[] {
  if (!record) return [];
  const { id, epoch, createdAt, updatedAt, uploadedAt, reason, rejectedReason, rejectedAt, superseded, cancelled } =
    record;
  const original =
    record.width === undefined
      ? []
      : [`${record.width}×${record.height ?? 0} ${record.format ?? ""}, ${sizeText(record.bytes ?? 0)}`];
  return section("Record", [
    `id ${id}, epoch ${epoch}, created ${createdAt}, changed ${updatedAt}`,
    ...original.map((text) => `original ${text}${uploadedAt === undefined ? "" : `, uploaded ${uploadedAt}`}`),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...(rejectedReason === undefined ? [] : [`rejected ${rejectedAt ?? ""}: ${rejectedReason}`]),
    ...(superseded ? [`${[...superseded].length} generations are still to be deleted`] : []),
    ...(cancelled ? [`${[...cancelled].length} cancelled uploads are still to be removed`] : []),
  ]);
}

function generationLines({ generations }: ImageFacts): string[] {
  return generations.flatMap(({ generation, role, present, missing }) =>
    section(`Objects of the ${role} generation ${generation.slice(0, 12)}…`, [
      ...present.map((key) => `there    ${key}`),
      ...missing.map((key) => `${role === "live" ? "missing" : "not yet"}  ${key}`),
    ]),
  );
}

function logSection(name: string, log: readonly string[], service: string): readonly string[] {
  const earlier = log.length - MOST_LINES;
  if (earlier <= 0) return log;
  const all = `snail logs --image ${quoted(name)}${service}`;
  return [`${earlier} earlier ${earlier === 1 ? "line" : "lines"}: \`${all}\` prints all`, ...log.slice(earlier)];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
