import { AwsError } from "../http/awsError";
import { kindOfKey } from "./context";
import { listOf, type PolicyDocument } from "./policyDocument";
import { readOperator, supportedOperators } from "./conditions";
import { variablesIn, VERSION_WITH_VARIABLES } from "./variables";

/** `identity`: of a role; `resource`: of a bucket, queue or function; `trust`: who may assume a role. */
type PolicyKind = "identity" | "resource" | "trust";

const documentElements = ["Version", "Id", "Statement"];
const elements = ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** Services whose calls the evaluator decides. Statements about others alone are never asked. */
const services = ["apigateway", "cloudwatch", "dynamodb", "execute-api", "lambda", "logs", "s3", "sqs", "sts", "xray"];

/** The messages' name of the place, and whether its policy has variables. */
interface Place {
  where: string;
  variables: boolean;
}

/**
 * Reads a policy, as text or already parsed. Throws AwsError `MalformedPolicyDocument` when it is not one, and
 * `NotImplemented` when it uses something that the evaluator does not know, each with the place in its message.
 * @param where what the messages call it: `policy p of role r`
 */
export function parsePolicy(policy: unknown, kind: PolicyKind, where: string): PolicyDocument {
  const document = typeof policy === "string" ? parseJson(policy, where) : policy;
  if (!isRecord(document) || document.Statement === undefined) throw malformed(where, "it has no Statement");
  const unknown = Object.keys(document).find((name) => !documentElements.includes(name));
  if (unknown !== undefined) throw unsupported(where, `the policy element ${unknown}`);
  if (document.Version !== undefined && document.Version !== "2012-10-17" && document.Version !== "2008-10-17") {
    throw malformed(where, `Version is ${show(document.Version)}; allowed are "2012-10-17" and "2008-10-17"`);
  }
  const statements = listOf<unknown>(document.Statement);
  if (statements.length === 0) throw malformed(where, "its Statement is empty");
  statements.forEach((statement, index) =>
    checkStatement(statement, kind, {
      where: `${where}, statement ${index}`,
      variables: document.Version === VERSION_WITH_VARIABLES,
    }),
  );
  return document as unknown as PolicyDocument;
}

/** {@link parsePolicy} for a resource's policy. @param code with which the service refuses one that is malformed */
export function parseResourcePolicy(policy: unknown, where: string, code: string): PolicyDocument {
  try {
    return parsePolicy(policy, "resource", where);
  } catch (error) {
    const refused = error instanceof AwsError && error.code === MALFORMED;
    throw refused ? new AwsError(error.status, code, error.message) : error;
  }
}

const MALFORMED = "MalformedPolicyDocument";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const show = (value: unknown): string => (value === undefined ? "undefined" : JSON.stringify(value));

const malformed = (where: string, why: string): AwsError =>
  new AwsError(400, MALFORMED, `The ${where} is not valid: ${why}.`);

const unsupported = (where: string, what: string): AwsError =>
  new AwsError(501, "NotImplemented", `The embedded AWS does not implement ${what} (${where}).`);

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed(where, `it is not JSON: ${show(text.slice(0, 80))}`);
  }
}

function checkStatement(statement: unknown, kind: PolicyKind, place: Place): void {
  const { where } = place;
  if (!isRecord(statement)) throw malformed(where, `it is ${show(statement)}, not an object`);
  for (const name of Object.keys(statement)) {
    if (!elements.includes(name)) throw unsupported(where, `the policy element ${name}`);
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw malformed(where, `Effect is ${show(statement.Effect)}; allowed are "Allow" and "Deny"`);
  }
  const actions = entriesOf(statement, "Action", where);
  for (const action of actions) checkAction(action, where);
  if (kind === "trust") {
    if (statement.Resource !== undefined || statement.NotResource !== undefined) {
      throw malformed(where, "a trust policy has no Resource");
    }
  } else {
    for (const resource of entriesOf(statement, "Resource", where)) checkResource(resource, kind, place);
  }
  if (kind === "identity" && statement.Principal !== undefined) {
    throw malformed(where, "an identity policy has no Principal");
  }
  if (kind !== "identity") checkPrincipal(statement.Principal, where);
  const decides = statement.Action === undefined || actions.some((action) => isAsked(action));
  checkConditions(statement.Condition, place, decides);
}

/** The entries of an element, or of its negation: a statement has exactly one of the two. */
function entriesOf(statement: Record<string, unknown>, name: "Action" | "Resource", where: string): string[] {
  const negation = `Not${name}`;
  if ((statement[name] === undefined) === (statement[negation] === undefined)) {
    throw malformed(where, `it must have either ${name} or ${negation}`);
  }
  const entries = listOf<unknown>(statement[name] ?? statement[negation]);
  if (entries.length === 0) throw malformed(where, `${name} has no entry`);
  return entries.map((entry) => {
    if (typeof entry !== "string" || entry === "") throw malformed(where, `${name} has the entry ${show(entry)}`);
    return entry;
  });
}

function checkAction(action: string, where: string): void {
  if (action === "*" || /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) return;
  throw malformed(where, `Action has the entry ${show(action)}, which is not like s3:GetObject`);
}

const isAsked = (action: string): boolean =>
  action === "*" || services.includes(action.slice(0, action.indexOf(":")).toLowerCase());

function checkResource(resource: string, kind: PolicyKind, place: Place): void {
  if (kind === "identity" && resource !== "*" && !resource.startsWith("arn:")) {
    throw malformed(place.where, `Resource has the entry ${show(resource)}, which is neither an ARN nor "*"`);
  }
  const service = resource.split(":")[2];
  if (resource.startsWith("arn:") && /[*?]/.test(service ?? "")) {
    throw malformed(place.where, `Resource has the entry ${show(resource)}, whose service is a wildcard`);
  }
  checkVariables(resource, place);
}

function checkVariables(text: string, { where, variables }: Place): void {
  if (!variables) return;
  for (const key of variablesIn(text)) {
    if (key === undefined) throw malformed(where, show(text) + ' has a "${" that begins no policy variable');
    if (kindOfKey(key) !== "single") throw unsupported(where, `the policy variable ${key}`);
  }
}

function checkPrincipal(principal: unknown, where: string): void {
  if (principal === "*") return;
  if (!isRecord(principal) || Object.keys(principal).length === 0) {
    throw malformed(where, `Principal is ${show(principal)}`);
  }
  for (const [kind, names] of Object.entries(principal)) {
    if (kind !== "AWS" && kind !== "Service") throw unsupported(where, `principals of kind ${kind}`);
    for (const name of listOf<unknown>(names)) {
      const wide = typeof name === "string" && /[*?]/.test(name) && !(kind === "AWS" && name === "*");
      if (typeof name !== "string" || name === "" || wide) {
        throw malformed(where, `Principal has the ${kind} entry ${show(name)}; a wildcard stands for everyone, alone`);
      }
    }
  }
}

function checkConditions(condition: unknown, place: Place, decides: boolean): void {
  const { where } = place;
  if (condition === undefined) return;
  if (!isRecord(condition)) throw malformed(where, `Condition is ${show(condition)}`);
  for (const [name, keys] of Object.entries(condition)) {
    const operator = readOperator(name);
    if (operator === undefined) {
      throw unsupported(where, `the condition operator ${name}; known are ${supportedOperators.join(", ")}`);
    }
    if (!isRecord(keys)) throw malformed(where, `the condition ${name} is ${show(keys)}`);
    for (const [key, values] of Object.entries(keys)) {
      const kindOf = kindOfKey(key);
      if (decides && kindOf === undefined) throw unsupported(where, `the condition key ${key}`);
      if (kindOf === "multivalued" && name !== "Null" && operator.quantifier === undefined) {
        throw unsupported(where, `${name} for ${key}, which has several values: ForAllValues or ForAnyValue`);
      }
      checkValues(`${name} of ${key}`, listOf<unknown>(values), operator.values, place);
    }
  }
}

function checkValues(what: string, values: unknown[], allowed: RegExp | undefined, place: Place): void {
  if (values.length === 0) throw malformed(place.where, `the condition ${what} has no value`);
  for (const value of values) {
    const text = typeof value === "boolean" || typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || (allowed !== undefined && !allowed.test(text))) {
      throw malformed(place.where, `the condition ${what} has the value ${show(value)}`);
    }
    if (allowed === undefined) checkVariables(text, place);
  }
}
