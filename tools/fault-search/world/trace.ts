import type { RawUpdate } from "../../../handlers/ports";
import type { RawRecord } from "../../../handlers/records";
import type { Operation } from "../oracle/operations";

/** Who did what to which key, in order. */
export class Trace {
  readonly lines: string[] = [];

  line(step: number, who: string, text: string): void {
    this.lines.push(`${String(step).padStart(4)}  ${who.padEnd(36)} ${text}`);
  }
}

export const argumentsText = (about: readonly unknown[]): string => about.map(brief).join(", ");

export const resultText = (result: unknown): string => (result === undefined ? "" : ` → ${brief(result)}`);

/** Values as a reader wants them: records in one line, long hashes cut, bytes as the text they are. */
function brief(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString().slice(0, 40));
  if (typeof value === "string") return shorten(value);
  if (!(value instanceof Object)) return String(value);
  if ("applied" in value)
    return `${value.applied ? "applied" : "refused"}: ${brief("record" in value && value.record)}`;
  if ("when" in value) return updateText(value as RawUpdate);
  if ("epoch" in value) return recordText(value as RawRecord);
  if ("acknowledged" in value) return operationText(value as Operation);
  return shorten(JSON.stringify(value, (key, inner: unknown) => (noise.has(key) ? undefined : inner)));
}

const noise = new Set(["body", "original", "updatedAt", "createdAt", "expiresAt", "uploadedAt", "bytes"]);
for (const key of ["width", "height", "format", "sequencer"]) noise.add(key);

function recordText(record: RawRecord): string {
  const {
    status,
    epoch,
    sequencer,
    generation,
    live,
    superseded = [],
    cancelled = [],
    reason,
    rejectedReason,
  } = record;
  return shorten(
    [
      `[${status} epoch ${epoch}`,
      ...(generation === undefined ? [] : [`generation ${generation}`]),
      ...(live === undefined ? [] : [`live ${live.generation}`]),
      ...(sequencer === undefined ? [] : [`sequencer ${sequencer.replace(/0+$/, "")}`]),
      ...superseded.map((manifest) => `superseded ${manifest.slice(0, 48)}`),
      ...cancelled.map((versionId) => `cancelled ${versionId}`),
      ...[reason, rejectedReason].filter((text) => text !== undefined).map((text) => JSON.stringify(text)),
    ].join(", ") + "]",
  );
}

function updateText(update: RawUpdate): string {
  const { when, set = {}, sets: { superseded, cancelled } = {} } = update;
  const told = ["status", "epoch", "generation", "reason", "rejectedReason"] as const;
  return shorten(
    [
      ...told.flatMap((key) => (set[key] === undefined ? [] : [`${key} ${String(set[key])}`])),
      ...(superseded?.add ?? []).map((manifest) => `supersede ${manifest.slice(0, 48)}`),
      ...(superseded?.remove ?? []).map((manifest) => `cleared ${manifest.slice(0, 48)}`),
      ...(cancelled?.add ?? []).map((versionId) => `cancel ${versionId}`),
      ...(cancelled?.remove ?? []).map((versionId) => `removed ${versionId}`),
      `if ${when.map(conditionText).join(", ")}`,
    ].join(", "),
  );
}

function conditionText({ attribute, absent, oneOf, below }: RawUpdate["when"][number]): string {
  const ways = [
    ...(absent ? ["absent"] : []),
    ...(oneOf ?? []).map(String),
    ...(below === undefined ? [] : [`below ${JSON.stringify(below)}`]),
  ];
  return `${attribute} ${ways.join(" or ").replace(/0{4,}"$/, '"')}`;
}

const operationText = ({ upload }: Operation): string => upload?.versionId ?? "…";

const shorten = (text: string): string =>
  text.replace(/\b([0-9a-f]{6})[0-9a-f]{10,42}\b/g, "$1…").replace(/"([A-Za-z]+)":/g, "$1:");
