import { AwsError } from "../http/awsError";
import { listOf, type PolicyDocument } from "./policyDocument";
import { isSupportedOperator, supportedOperators } from "./conditions";

/** `identity`: of a role; `resource`: of a bucket, queue or function; `trust`: who may assume a role. */
type PolicyKind = "identity" | "resource" | "trust";

const elements = ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"] as const;

/**
 * Reads a policy, as text or already parsed. Throws AwsError `MalformedPolicyDocument` when it is not one, and
 * `NotImplemented` when it uses something that the evaluator does not know, each with the place in its message.
 * @param where what the messages call it: `policy p of role r`
 */
export function parsePolicy(policy: unknown, kind: PolicyKind, where: string): PolicyDocument {
  const document = typeof policy === "string" ? parseJson(policy, where) : policy;
  if (!isRecord(document) || document.Statement === undefined) throw malformed(where, "it has no Statement");
  if (document.Version !== undefined && document.Version !== "2012-10-17" && document.Version !== "2008-10-17") {
    throw malformed(where, `Version is ${show(document.Version)}; allowed are "2012-10-17" and "2008-10-17"`);
  }
  const statements = Array.isArray(document.Statement) ? (document.Statement as unknown[]) : [document.Statement];
  statements.forEach((statement, index) => checkStatement(statement, kind, `${where}, statement ${index}`));
  return document as unknown as PolicyDocument;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const show = (value: unknown): string => JSON.stringify(value);

const malformed = (where: string, why: string): AwsError =>
  new AwsError(400, "MalformedPolicyDocument", `The ${where} is not valid: ${why}.`);

const unsupported = (where: string, what: string): AwsError =>
  new AwsError(501, "NotImplemented", `The embedded AWS does not implement ${what} (${where}).`);

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed(where, `it is not JSON: ${show(text.slice(0, 80))}`);
  }
}

function checkStatement(statement: unknown, kind: PolicyKind, where: string): void {
  if (!isRecord(statement)) throw malformed(where, `it is ${show(statement)}, not an object`);
  for (const name of Object.keys(statement)) {
    if (!(elements as readonly string[]).includes(name)) throw unsupported(where, `the policy element ${name}`);
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw malformed(where, `Effect is ${show(statement.Effect)}; allowed are "Allow" and "Deny"`);
  }
  exactlyOneOf(statement, "Action", "NotAction", where);
  if (kind === "trust") {
    if (statement.Resource !== undefined) throw malformed(where, "a trust policy has no Resource");
  } else {
    exactlyOneOf(statement, "Resource", "NotResource", where);
  }
  if (kind === "identity" && statement.Principal !== undefined) {
    throw malformed(where, "an identity policy has no Principal");
  }
  if (kind !== "identity") checkPrincipal(statement.Principal, where);
  checkConditions(statement.Condition, where);
}

function exactlyOneOf(statement: Record<string, unknown>, name: string, negation: string, where: string): void {
  if ((statement[name] === undefined) === (statement[negation] === undefined)) {
    throw malformed(where, `it must have either ${name} or ${negation}`);
  }
  const value = statement[name] ?? statement[negation];
  const entries: unknown[] = listOf(value);
  for (const entry of entries) {
    if (typeof entry !== "string" || entry === "") throw malformed(where, `${name} has the entry ${show(entry)}`);
    if (entry.includes("${")) throw unsupported(where, `policy variables such as ${entry}`);
  }
}

function checkPrincipal(principal: unknown, where: string): void {
  if (principal === "*") return;
  if (!isRecord(principal)) throw malformed(where, `Principal is ${show(principal)}`);
  for (const kind of Object.keys(principal)) {
    if (kind !== "AWS" && kind !== "Service") throw unsupported(where, `principals of kind ${kind}`);
  }
}

function checkConditions(condition: unknown, where: string): void {
  if (condition === undefined) return;
  if (!isRecord(condition)) throw malformed(where, `Condition is ${show(condition)}`);
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isSupportedOperator(operator)) {
      throw unsupported(where, `the condition operator ${operator}; known are ${supportedOperators.join(", ")}`);
    }
    if (!isRecord(keys)) throw malformed(where, `the condition ${operator} is ${show(keys)}`);
    if (show(keys).includes("${")) throw unsupported(where, `policy variables such as in ${show(keys)}`);
  }
}
