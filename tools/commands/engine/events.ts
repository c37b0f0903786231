import { existsSync, readFileSync } from "node:fs";

/** A resource as the engine's event log shows it, before or after a change. */
export interface LoggedState {
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  protect?: boolean;
}

/** One resource's step. */
export interface Change {
  op: "create" | "update" | "replace" | "delete" | "same" | "read" | "refresh" | "import";
  urn: string;
  /** Resource type token. */
  type: string;
  /** Logical name. */
  name: string;
  old?: LoggedState;
  new?: LoggedState;
  /** For a replacement, the properties that force it. */
  forcedBy: string[];
  /** Paths of the properties that differ, as the engine words them. */
  differing: string[];
}

export interface PolicyFinding {
  pack: string;
  policy: string;
  level: string;
  urn: string;
  message: string;
}

/** The engine's report of one run. */
export interface EventLog {
  changes: Change[];
  /** How many resources the engine counts by operation. */
  counts: Record<string, number>;
  findings: PolicyFinding[];
  errors: string[];
}

interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  old?: LoggedState | null;
  new?: LoggedState | null;
  keys?: string[] | null;
  diffs?: string[] | null;
  detailedDiff?: Record<string, unknown> | null;
}
interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  summaryEvent?: { resourceChanges?: Record<string, number> };
  policyEvent?: {
    resourceUrn?: string;
    message: string;
    policyName: string;
    policyPackName: string;
    enforcementLevel: string;
  };
  diagnosticEvent?: { severity: string; message: string };
}

/** The halves of a replacement, which its `replace` step already tells of. */
const halves = new Set(["create-replacement", "delete-replaced", "read-replacement", "discard-replaced"]);

/** Reads what the CLI wrote with `--event-log`; an absent file is an empty log. */
export function readEventLog(file: string): EventLog {
  return existsSync(file) ? parseEvents(readFileSync(file, "utf8")) : parseEvents("");
}

/** Reads an event log's text: one JSON object a line. */
export function parseEvents(text: string): EventLog {
  const changes = new Map<string, Change>();
  const replacements = new Map<string, LoggedState>();
  const log: EventLog = { changes: [], counts: {}, findings: [], errors: [] };
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const event = JSON.parse(line) as EngineEvent;
    const metadata = (event.resOutputsEvent ?? event.resourcePreEvent)?.metadata;
    if (metadata && !halves.has(metadata.op)) changes.set(metadata.urn, changeOf(metadata));
    if (metadata?.op === "create-replacement" && metadata.new) replacements.set(metadata.urn, metadata.new);
    if (event.summaryEvent?.resourceChanges) log.counts = event.summaryEvent.resourceChanges;
    if (event.policyEvent) log.findings.push(findingOf(event.policyEvent));
    if (event.diagnosticEvent?.severity === "error") log.errors.push(plain(event.diagnosticEvent.message));
  }
  const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0);
  for (const [urn, state] of replacements) {
    const change = changes.get(urn);
    if (change) change.new = state; // with the outputs of the new resource, which the `replace` step lacks
  }
  log.changes = [...changes.values()].sort(byUrn);
  // The resource's own error says what failed.
  log.errors = [...new Set(log.errors)].filter((error) => error !== "preview failed").sort();
  log.findings.sort((a, b) => byUrn(a, b) || (a.policy < b.policy ? -1 : 1));
  return log;
}

function changeOf(metadata: StepMetadata): Change {
  return {
    op: metadata.op as Change["op"],
    urn: metadata.urn,
    type: metadata.type,
    name: metadata.urn.split("::").slice(3).join("::"),
    ...(metadata.old ? { old: metadata.old } : {}),
    ...(metadata.new ? { new: metadata.new } : {}),
    forcedBy: [...(metadata.keys ?? [])].sort(),
    differing: Object.keys(metadata.detailedDiff ?? {}).sort(),
  };
}

function findingOf(event: NonNullable<EngineEvent["policyEvent"]>): PolicyFinding {
  return {
    pack: event.policyPackName,
    policy: event.policyName,
    level: event.enforcementLevel,
    urn: event.resourceUrn ?? "",
    message: plain(event.message),
  };
}

/** Text without the engine's colour marks and terminal codes. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g, "").trim();
}
