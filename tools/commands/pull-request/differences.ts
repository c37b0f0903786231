import { assetKind, isRecord, same, UNKNOWN } from "../../embedded-aws/engine";
import type { Change, LoggedState } from "../engine/events";
import type { Rename } from "./physicalNames";

/** One property that changes, down to the single value. */
export interface Difference {
  /** `environment.variables.TABLE`. */
  path: string;
  before: string;
  after: string;
}

export interface Renames {
  old: Rename;
  new: Rename;
}

const NONE = "-";
const longest = 100;

/** Every input of a resource that differs, leaving out what only follows another resource to its new name. */
export function differencesOf(change: Change, renames: Renames): Difference[] {
  const differences: Difference[] = [];
  walk("", leavesOf(change.old, renames.old), leavesOf(change.new, renames.new), differences);
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function leavesOf(state: LoggedState | undefined, rename: Rename): unknown {
  return readable(state?.inputs ?? {}, rename);
}

/** The value with names made logical and with JSON texts, such as policies and API documents, opened. */
function readable(value: unknown, rename: Rename): unknown {
  const kind = assetKind(value);
  if (kind) return `${kind} ${String((value as { hash?: unknown }).hash).slice(0, 7)}`;
  if (typeof value === "string") {
    if (value === UNKNOWN) return "known after the update";
    const text = rename(value);
    return /^\s*[{[]/.test(text) ? (parsed(text) ?? text) : text;
  }
  if (Array.isArray(value)) return value.map((item) => readable(item, rename));
  if (!isRecord(value)) return value;
  const shown = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(shown.map(([key, item]) => [key, readable(item, rename)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function walk(path: string, before: unknown, after: unknown, found: Difference[]): void {
  if (same(before, after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      walk(path ? `${path}.${key}` : key, before[key], after[key], found);
  } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item, index) => walk(`${path}[${String(index)}]`, item, after[index], found));
  } else found.push({ path, before: show(before), after: show(after) });
}

/** A value in one short line; the hash of code says nothing to a reader. */
function show(value: unknown): string {
  if (value === undefined || value === null) return NONE;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}
