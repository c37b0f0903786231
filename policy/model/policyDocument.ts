import { isRecord } from "./read";
import { NotKnown, UNKNOWN, type Resource } from "./resource";

/** A principal of a statement: its kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and who; `*` is `{AWS, *}`. */
export interface Principal {
  kind: string;
  value: string;
}

/** One condition: `{operator: "StringEquals", key: "aws:SourceAccount", values: ["123456789012"]}`. */
export interface Condition {
  operator: string;
  /** As written; AWS ignores its case. */
  key: string;
  values: readonly string[];
}

/** A statement with lists in place of the single values that IAM allows as well. */
export interface Statement {
  sid?: string;
  effect: "Allow" | "Deny";
  principals: readonly Principal[];
  notPrincipals: readonly Principal[];
  actions: readonly string[];
  notActions: readonly string[];
  resources: readonly string[];
  notResources: readonly string[];
  conditions: readonly Condition[];
}

/**
 * The statements of a policy, given as JSON text or as an object.
 * @param value of the property; absent or empty is a policy without statements
 * @returns undefined when it is not a policy at all: bad JSON, a statement without an effect
 * @throws NotKnown when it, or a part of it, is unknown
 */
export function statementsOf(resource: Resource, property: string, value: unknown): Statement[] | undefined {
  refuseUnknown(resource, property, value);
  if (value === undefined || value === null || value === "") return [];
  const document = typeof value === "string" ? parsed(value) : value;
  if (!isRecord(document)) return undefined;
  const statements = listOf(document.Statement ?? document.statement);
  const normal = statements.map((statement) => (isRecord(statement) ? statementOf(statement) : undefined));
  return normal.every((statement) => statement !== undefined) ? normal : undefined;
}

/** Whether a condition of the statement uses a key, and with which values; keys have no case. */
export function conditionOn(statement: Statement, key: string): Condition | undefined {
  return statement.conditions.find((condition) => condition.key.toLowerCase() === key.toLowerCase());
}

/** Whether a statement allows everyone: principal `*`, as text or as AWS account. */
export function allowsEveryone({ effect, principals, notPrincipals }: Statement): boolean {
  return effect === "Allow" && (notPrincipals.length > 0 || principals.some(({ value }) => value === "*"));
}

function statementOf(raw: Record<string, unknown>): Statement | undefined {
  const effect = raw.Effect;
  if (effect !== "Allow" && effect !== "Deny") return undefined;
  return {
    ...(typeof raw.Sid === "string" ? { sid: raw.Sid } : {}),
    effect,
    principals: principalsOf(raw.Principal),
    notPrincipals: principalsOf(raw.NotPrincipal),
    actions: texts(raw.Action),
    notActions: texts(raw.NotAction),
    resources: texts(raw.Resource),
    notResources: texts(raw.NotResource),
    conditions: conditionsOf(raw.Condition),
  };
}

function principalsOf(raw: unknown): Principal[] {
  if (isRecord(raw)) return Object.entries(raw).flatMap(([kind, who]) => texts(who).map((value) => ({ kind, value })));
  return texts(raw).map((value) => ({ kind: "AWS", value }));
}

function conditionsOf(raw: unknown): Condition[] {
  if (!isRecord(raw)) return [];
  return Object.entries(raw).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })) : [],
  );
}

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const texts = (value: unknown): string[] => listOf(value).map(String);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseUnknown(resource: Resource, property: string, value: unknown): void {
  if (value === UNKNOWN) throw new NotKnown(resource, property);
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) refuseUnknown(resource, property, inner);
}
