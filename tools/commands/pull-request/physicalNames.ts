import type { Change } from "../engine/events";

/** Puts logical names where a text has physical ones, so that what merely moved to a new name reads the same. */
export type Rename = (text: string) => string;

/** Names are cut off to fit their service's limit, the shortest of which is 63 characters. */
const CUT_OFF = 50;

/** Renaming for the stack as it is (`old`) or as it would be (`new`). */
export function renameOf(changes: readonly Change[], side: "old" | "new"): Rename {
  const logical = new Map<string, string>();
  for (const change of changes) {
    const state = change[side];
    if (!state || !change.type.startsWith("aws:")) continue;
    for (const value of [state.outputs.name, state.outputs.bucket, state.id]) {
      // Only generated names: any other text may mean something else where it occurs.
      if (typeof value === "string" && isGenerated(value, change.name)) logical.set(value, change.name);
    }
  }
  const names = [...logical.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (names.length === 0) return (text) => text;
  const pattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(pattern, (name) => logical.get(name) ?? name);
}

/** `images-1a2b3c4` for `images`: a generated name is the logical one with seven hexadecimal digits. */
function isGenerated(physical: string, name: string): boolean {
  const stem = /^(.+?)-?[0-9a-f]{7}$/.exec(physical.toLowerCase())?.[1];
  if (stem === undefined) return false;
  return stem === name.toLowerCase() || (stem.length >= CUT_OFF && name.toLowerCase().startsWith(stem));
}

/** An ARN without partition, region and account, which are the same everywhere in a stack: `sqs Images`. */
export function shortArn(arn: string): string {
  const match = /^arn:[\w-]*:([\w-]+):[^:]*:[^:]*:(.+)$/.exec(arn);
  return match ? `${String(match[1])} ${String(match[2])}` : arn;
}
