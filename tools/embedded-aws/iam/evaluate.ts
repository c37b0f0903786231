import { conditionsHold } from "./conditions";
import type { Context } from "./context";
import { callerArn } from "./denial";
import { globMatches } from "./glob";
import { listOf, type HeldPolicy, type PolicyStatement } from "./policyDocument";
import type { Principal } from "./principal";
import { resolverOf, type Resolve } from "./variables";

/**
 * The policy evaluation logic: for a caller of the resource's own account one policy that allows is enough, a caller of
 * another account needs its own account's and the resource's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export interface AccessCase {
  principal: Principal;
  action: string;
  resource: string;
  /** The account that the resource belongs to. */
  accountId: string;
  context: Context;
  /** The caller's own policies. Only users and roles have any. */
  identityPolicies: readonly HeldPolicy[];
  resourcePolicy?: HeldPolicy;
}

/** A statement that applies to a call. */
export interface Grant {
  source: "identity" | "resource";
  /** ARN of the role or resource whose policy it is. */
  holder: string;
  policy: string;
  /** Index of the statement in its policy. */
  statement: number;
  /** The entries of Action and Resource that matched, as written. */
  actionPattern: string;
  resourcePattern: string;
}

export type Decision = {
  /** The condition keys that statements about this action and resource ask for, in lower case. */
  asked: string[];
} & ({ allowed: true; by: Grant[] } | { allowed: false; explicit: boolean; source: Grant["source"] });

export function evaluate(access: AccessCase): Decision {
  const { identityPolicies, resourcePolicy, principal } = access;
  const own = identityPolicies.flatMap((policy) => matching(access, policy, "identity"));
  const resource = resourcePolicy === undefined ? [] : matching(access, resourcePolicy, "resource");
  const asked = [...new Set([...own, ...resource].flatMap(({ statement }) => keysOf(statement)))];
  const holding = [...own, ...resource].filter(({ holds }) => holds);
  const by = (effect: PolicyStatement["Effect"]): Grant[] =>
    holding.filter(({ statement }) => statement.Effect === effect).flatMap(({ grants }) => grants);

  const [denied] = by("Deny");
  if (denied !== undefined) return { asked, allowed: false, explicit: true, source: denied.source };
  const allowing = by("Allow");
  const hasIdentity = principal.kind === "user" || principal.kind === "role";
  const needed: Grant["source"][] = !hasIdentity
    ? ["resource"]
    : principal.accountId === access.accountId
      ? []
      : ["identity", "resource"];
  const missing = needed.find((source) => !allowing.some((grant) => grant.source === source));
  if (missing === undefined && allowing.length > 0) return { asked, allowed: true, by: allowing };
  return { asked, allowed: false, explicit: false, source: missing ?? "identity" };
}

interface Match {
  statement: PolicyStatement;
  /** Whether its conditions hold. */
  holds: boolean;
  /** One for each entry of Action and Resource that matched. */
  grants: Grant[];
}

/** The statements about a call's action, resource and caller. */
function matching(access: AccessCase, { holder, name, document }: HeldPolicy, source: Grant["source"]): Match[] {
  const resolve = resolverOf(document.Version, access.context);
  return listOf(document.Statement).flatMap((statement, index) => {
    if (source === "resource" && !principalMatches(statement, access)) return [];
    const actions = matchedActions(statement, access.action);
    const resources = matchedResources(statement, access.resource, resolve);
    if (actions.length === 0 || resources.length === 0) return [];
    const grants = actions.flatMap((actionPattern) =>
      resources.map((resourcePattern) => ({
        source,
        holder,
        policy: name,
        statement: index,
        actionPattern,
        resourcePattern,
      })),
    );
    return [{ statement, grants, holds: conditionsHold(statement.Condition, access.context, resolve) }];
  });
}

const keysOf = ({ Condition = {} }: PolicyStatement): string[] =>
  Object.values(Condition).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()));

function matchedActions(statement: PolicyStatement, action: string): string[] {
  const matches = (pattern: string): boolean => globMatches(pattern.toLowerCase(), action.toLowerCase());
  if (statement.Action !== undefined) return listOf(statement.Action).filter(matches);
  const excluded = listOf(statement.NotAction);
  return excluded.some(matches) ? [] : [allBut("NotAction", excluded)];
}

function matchedResources(statement: PolicyStatement, resource: string, resolve: Resolve): string[] {
  const matches = (pattern: string): boolean => {
    const resolved = resolve(pattern);
    return resolved !== undefined && globMatches(resolved, resource);
  };
  if (statement.Resource !== undefined) return listOf(statement.Resource).filter(matches);
  if (statement.NotResource !== undefined) {
    const excluded = listOf(statement.NotResource);
    const valid = excluded.every((pattern) => resolve(pattern) !== undefined);
    return !valid || excluded.some(matches) ? [] : [allBut("NotResource", excluded)];
  }
  // A trust policy has no resource: it applies to its own role.
  return [resource];
}

/** How `NotAction` and `NotResource` are reported, where Action and Resource have entries. */
export const allBut = (element: "NotAction" | "NotResource", excluded: readonly string[]): string =>
  `${element} ${excluded.join(", ")}`;

/**
 * True when a resource policy's statement names the caller. Naming the caller's account in an Allow delegates to that
 * account's identity policies: within the resource's account it grants nothing by itself. In a Deny it names all of the
 * account's users and roles.
 */
function principalMatches(
  { Principal: named, Effect }: PolicyStatement,
  { principal, accountId }: AccessCase,
): boolean {
  if (named === undefined) return false;
  if (typeof named === "string") return named === "*";
  return Object.entries(named).some(([kind, names]) =>
    listOf(names).some((name) => {
      if (kind === "Service") return principal.kind === "service" && name === principal.arn;
      if (kind !== "AWS") return false;
      if (name === "*") return true;
      if (principal.kind !== "user" && principal.kind !== "role") return false;
      if (name === principal.arn || name === callerArn(principal)) return true;
      const account = name === principal.accountId || name === `arn:aws:iam::${principal.accountId}:root`;
      return account && (Effect === "Deny" || principal.accountId !== accountId);
    }),
  );
}

/** One call, and what IAM decided. */
export interface AccessDecision {
  caller: Pick<Principal, "kind" | "arn">;
  action: string;
  resource: string;
  /** The condition keys that statements about the call ask for, in lower case; null: the call has none. */
  context: Record<string, string | readonly string[] | null>;
  /** Every statement that allows the call. Only of an allowed one. */
  allowedBy?: Grant[];
  /** Why it is denied, in AWS's words. Only of a denied one. */
  denied?: string;
}
