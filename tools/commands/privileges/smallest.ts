import { structuredPatch } from "diff";

import type { AccessDecision, DeclaredPolicy, Grant, PolicyDocument, PolicyStatement } from "../../embedded-aws";
import { grantsOf } from "../../embedded-aws";
import { grantKey } from "./report";

/** A policy that grants more than a run needed. */
export interface Surplus {
  policy: DeclaredPolicy;
  /** The smallest policy that would have sufficed; undefined: none is needed. */
  smallest: PolicyDocument | undefined;
}

/**
 * The smallest policies that allow the same calls: without unused grants, and with the narrowest folder of keys of a bucket.
 * Conditions and statements that deny stay as they are. Only policies that become smaller are in the list.
 */
export function smallestPolicies(
  policies: readonly DeclaredPolicy[],
  decisions: readonly AccessDecision[],
  unused: readonly Grant[],
): Surplus[] {
  const idle = new Set(unused.map(grantKey));
  const called = resourcesByGrant(decisions);
  return policies.flatMap((policy) => {
    const grants = grantsOf([policy]).filter((grant) => !idle.has(grantKey(grant)));
    const statements = [policy.document.Statement].flat();
    const kept = statements.flatMap((statement, index) => {
      if (statement.Effect === "Deny") return [statement];
      return narrowed(
        statement,
        grants.filter((grant) => grant.statement === index),
        called,
      );
    });
    const isSame = JSON.stringify(kept.map(asLists)) === JSON.stringify(statements.map(asLists));
    if (isSame) return [];
    const allows = kept.some(({ Effect }) => Effect === "Allow");
    return [{ policy, smallest: allows ? { ...policy.document, Statement: kept } : undefined }];
  });
}

/** The difference between a policy and the smallest one, as lines of a unified diff. */
export function diffOf({ policy, smallest }: Surplus): string[] {
  const text = (document: PolicyDocument | undefined): string =>
    document === undefined ? "" : `${JSON.stringify(document, undefined, 2)}\n`;
  return structuredPatch("", "", text(policy.document), text(smallest)).hunks.flatMap(
    ({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines,
    ],
  );
}

const asLists = (statement: PolicyStatement): PolicyStatement => ({
  ...statement,
  ...(statement.Action && { Action: [statement.Action].flat() }),
  ...(statement.Resource && { Resource: [statement.Resource].flat() }),
});

/** The resources of the calls that each grant allowed. */
function resourcesByGrant(decisions: readonly AccessDecision[]): Map<string, string[]> {
  const called = new Map<string, string[]>();
  for (const { resource, allowedBy = [] } of decisions)
    for (const grant of allowedBy) {
      const key = grantKey(grant);
      called.set(key, [...(called.get(key) ?? []), resource]);
    }
  return called;
}

/** A statement that allows, with what is used of it: one for each set of resources that its actions need. */
function narrowed(statement: PolicyStatement, grants: Grant[], called: Map<string, string[]>): PolicyStatement[] {
  // NotAction and NotResource leave more than a list can name.
  if (statement.NotAction !== undefined || statement.NotResource !== undefined)
    return grants.length > 0 ? [statement] : [];
  const actionsByResources = new Map<string, string[]>();
  for (const action of new Set(grants.map(({ actionPattern }) => actionPattern))) {
    const resources = grants
      .filter(({ actionPattern }) => actionPattern === action)
      .map((grant) => narrowestKeys(grant.resourcePattern, called.get(grantKey(grant)) ?? []));
    const key = JSON.stringify(resources);
    actionsByResources.set(key, [...(actionsByResources.get(key) ?? []), action]);
  }
  return [...actionsByResources].map(([resources, actions]) => ({
    ...statement,
    Action: asWritten(actions),
    ...(statement.Resource !== undefined && { Resource: asWritten(JSON.parse(resources) as string[]) }),
  }));
}

const asWritten = (entries: string[]): string | string[] => (entries.length === 1 ? (entries[0] ?? "") : entries);

/** The folder in which all keys of a bucket are that a pattern allowed, or the pattern itself where that is as narrow. */
function narrowestKeys(pattern: string, resources: readonly string[]): string {
  if (!/^arn:aws:s3:::[^/]+\/.*\*$/.test(pattern)) return pattern;
  const [first = "", ...others] = resources;
  const folders = first.split("/").slice(0, -1);
  const isShared = (depth: number): boolean =>
    others.every((other) => other.startsWith(`${folders.slice(0, depth).join("/")}/`));
  let depth = folders.length;
  while (depth > 1 && !isShared(depth)) depth -= 1;
  const narrow = `${folders.slice(0, depth).join("/")}/*`;
  return narrow.length > pattern.length ? narrow : pattern;
}
