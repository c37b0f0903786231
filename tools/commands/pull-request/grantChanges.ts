import type { Grant } from "./grants";
import { shortArn } from "./physicalNames";

export interface GrantChange {
  kind: "added" | "widened" | "narrowed" | "removed";
  after?: Grant;
  before?: Grant;
}

/** Changes of the grants between two states of a stack; grants that only moved are left out. */
export function compareGrants(before: readonly Grant[], after: readonly Grant[]): GrantChange[] {
  const key = (grant: Grant) => JSON.stringify(grant);
  const had = new Set(before.map(key));
  const has = new Set(after.map(key));
  const added = after.filter((grant) => !had.has(key(grant)));
  const gone = new Set(before.filter((grant) => !has.has(key(grant))));
  const changes = added.map((grant): GrantChange => {
    const wider = [...gone].find((old) => covers(grant, old));
    const narrower = wider ? undefined : [...gone].find((old) => covers(old, grant));
    const related = wider ?? narrower;
    if (!related) return { kind: "added", after: grant };
    gone.delete(related);
    // A wider Deny permits less.
    const widened = (wider !== undefined) === (grant.effect === "Allow");
    return { kind: widened ? "widened" : "narrowed", after: grant, before: related };
  });
  return [...changes, ...[...gone].map((grant): GrantChange => ({ kind: "removed", before: grant }))];
}

/** True when one grant permits (or denies) all that the other does. */
function covers(wide: Grant, narrow: Grant): boolean {
  return (
    wide.holder === narrow.holder &&
    wide.effect === narrow.effect &&
    matches(wide.principal, narrow.principal) &&
    matches(wide.action, narrow.action) &&
    matches(wide.resource, narrow.resource) &&
    (wide.condition === "" || wide.condition === narrow.condition)
  );
}

function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`).test(text);
}

/** Each change as a sentence; sentences that differ in the action only are one. */
export function grantSentences(changes: readonly GrantChange[]): { kind: GrantChange["kind"]; text: string }[] {
  const groups = new Map<string, { kind: GrantChange["kind"]; actions: string[]; say: (actions: string) => string }>();
  for (const change of changes) {
    const grant = change.after ?? change.before;
    if (!grant) continue;
    const say = (actions: string) => sentence(change, grant, actions);
    const id = `${change.kind} ${say("ACTION")}`;
    const group = groups.get(id) ?? { kind: change.kind, actions: [], say };
    group.actions.push(`\`${grant.action}\``);
    groups.set(id, group);
  }
  const order: GrantChange["kind"][] = ["added", "widened", "narrowed", "removed"];
  return [...groups.values()]
    .map(({ kind, actions, say }) => ({ kind, text: say([...new Set(actions)].sort().join(", ")) }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.text < b.text ? -1 : 1));
}

function sentence(change: GrantChange, grant: Grant, actions: string): string {
  const who = grant.principal === "" ? "" : `\`${grant.principal}\` `;
  const verb = grant.effect === "Deny" ? "is denied" : "may";
  const subject = who === "" && grant.effect === "Deny" ? "it " : who;
  const lost = change.kind === "removed" ? "no longer " : "";
  return `${grant.holder}: ${subject}${lost}${verb} ${actions}${on(grant.resource)}${only(grant.condition)}${was(change)}`;
}

/** The former parts of a widened or narrowed grant that differ. */
function was({ before, after }: GrantChange): string {
  if (!before || !after) return "";
  const parts = [
    before.principal === after.principal ? "" : ` by \`${before.principal}\``,
    before.action === after.action ? "" : ` \`${before.action}\``,
    before.resource === after.resource ? "" : on(before.resource),
    before.condition === after.condition ? "" : only(before.condition) || " without a condition",
  ];
  return `; before:${parts.join("")}`;
}

const on = (resource: string): string => (resource === "" ? "" : ` on \`${shortArn(resource)}\``);

/** ` only if aws:SourceArn (ArnEquals) is …` for each key of the condition. */
function only(condition: string): string {
  if (condition === "") return "";
  const operators = JSON.parse(condition) as Record<string, Record<string, string | string[]>>;
  const tests = Object.entries(operators).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      const values = [value].flat().map((each) => `\`${shortArn(each)}\``);
      return `\`${key}\` (${operator}) is ${values.join(" or ")}`;
    }),
  );
  return ` only if ${tests.join(" and ")}`;
}
