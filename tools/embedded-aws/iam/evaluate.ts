import { listOf, type PolicyDocument, type PolicyStatement } from "./policyDocument";
import type { Principal } from "./principal";
import { conditionsHold } from "./conditions";
import { globMatches } from "./glob";

/**
 * The policy evaluation logic for requests within one account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export interface AccessCase {
  principal: Principal;
  action: string;
  resource: string;
  /** All condition keys, lower case. */
  context: Map<string, string>;
  /** The caller's own policies. Only users and roles have any. */
  identityPolicies: NamedPolicy[];
  resourcePolicy?: PolicyDocument;
}

export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** The grant that let a call through: the first that matches. */
export interface Grant {
  source: "identity" | "resource";
  /** Name of the identity policy. */
  policy?: string;
  /** Index of the statement in its policy. */
  statement: number;
  /** The entries of Action and Resource that matched, as written. */
  actionPattern: string;
  resourcePattern: string;
}

type Decision =
  { allowed: true; grant: Grant } | { allowed: false; explicit: boolean; source: "identity" | "resource" };

export function evaluate(access: AccessCase): Decision {
  const { identityPolicies, resourcePolicy } = access;
  const own = identityPolicies.flatMap(({ name, document }) => matching(access, document, name));
  const resource = (resourcePolicy === undefined ? [] : matching(access, resourcePolicy)).filter(({ statement }) =>
    principalMatches(statement, access.principal),
  );
  const denied = [...own, ...resource].find(({ statement }) => statement.Effect === "Deny");
  if (denied !== undefined) return { allowed: false, explicit: true, source: denied.grant.source };
  const allowed = [...own, ...resource].find(({ statement }) => statement.Effect === "Allow");
  if (allowed !== undefined) return { allowed: true, grant: allowed.grant };
  const hasIdentity = access.principal.kind === "user" || access.principal.kind === "role";
  return { allowed: false, explicit: false, source: hasIdentity ? "identity" : "resource" };
}

interface Match {
  statement: PolicyStatement;
  grant: Grant;
}

function matching(access: AccessCase, document: PolicyDocument, policy?: string): Match[] {
  return listOf(document.Statement).flatMap((statement, index) => {
    const actionPattern = matchedAction(statement, access.action);
    const resourcePattern = matchedResource(statement, access.resource);
    if (actionPattern === undefined || resourcePattern === undefined) return [];
    if (!conditionsHold(statement.Condition, access.context)) return [];
    const source = policy === undefined ? "resource" : "identity";
    return [{ statement, grant: { source, policy, statement: index, actionPattern, resourcePattern } }];
  });
}

function matchedAction(statement: PolicyStatement, action: string): string | undefined {
  const matches = (pattern: string): boolean => globMatches(pattern.toLowerCase(), action.toLowerCase());
  if (statement.Action !== undefined) return listOf(statement.Action).find(matches);
  const excluded = listOf(statement.NotAction ?? []);
  return excluded.some(matches) ? undefined : `NotAction ${excluded.join(", ")}`;
}

function matchedResource(statement: PolicyStatement, resource: string): string | undefined {
  const matches = (pattern: string): boolean => globMatches(pattern, resource);
  if (statement.Resource !== undefined) return listOf(statement.Resource).find(matches);
  if (statement.NotResource !== undefined) {
    const excluded = listOf(statement.NotResource);
    return excluded.some(matches) ? undefined : `NotResource ${excluded.join(", ")}`;
  }
  // A trust policy has no resource: it applies to its own role.
  return resource;
}

/**
 * True when a resource policy's statement names the caller. Naming the account in an Allow only delegates to identity
 * policies and grants nothing by itself; in a Deny it names all of the account's users and roles.
 */
function principalMatches(statement: PolicyStatement, principal: Principal): boolean {
  const named = statement.Principal;
  if (named === undefined) return false;
  if (typeof named === "string") return named === "*";
  return Object.entries(named).some(([kind, names]) =>
    listOf(names).some((name) => {
      if (kind === "Service") return principal.kind === "service" && name === principal.arn;
      if (kind !== "AWS") return false;
      if (name === "*") return true;
      if (principal.kind !== "user" && principal.kind !== "role") return false;
      if (name === principal.arn) return true;
      const account = name === principal.accountId || name === `arn:aws:iam::${principal.accountId}:root`;
      return account && statement.Effect === "Deny";
    }),
  );
}
