import { isRecord } from "../model/read";

/** A policy of which one statement is worse. */
interface WorseDocument {
  /** `statement 0 (Allow)`. */
  statement: string;
  change: string;
  document: unknown;
}

type Raw = Record<string, unknown>;

/**
 * The policies that a slip makes of one: a statement is dropped; an Allow names all actions, resources or principals, or
 * loses a condition; a Deny names one action or resource less.
 * @param policy JSON text or object
 */
export function worseDocuments(policy: unknown): WorseDocument[] {
  const document: unknown = typeof policy === "string" && policy !== "" ? JSON.parse(policy) : policy;
  if (!isRecord(document)) return [];
  const statements = listOf(document.Statement).filter(isRecord);
  return statements.flatMap((statement, at) => {
    const name = `statement ${at} (${String(statement.Effect)})`;
    return worseStatements(statement).map(({ change, to }) => ({
      statement: name,
      change,
      document: { ...document, Statement: statements.flatMap((each, index) => (index === at ? to : each)) },
    }));
  });
}

function worseStatements(statement: Raw): { change: string; to: Raw[] }[] {
  const isAllow = statement.Effect === "Allow";
  return [{ change: "dropped", to: [] }, ...(isAllow ? wider(statement) : narrower(statement))];
}

function wider(statement: Raw): { change: string; to: Raw[] }[] {
  const actions = listOf(statement.Action).map(String);
  const services = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))];
  const conditions = isRecord(statement.Condition) ? Object.keys(statement.Condition) : [];
  return [
    ...services.map((service) => ({ change: `action ${service}:*`, to: [{ ...statement, Action: [`${service}:*`] }] })),
    ...("Resource" in statement && statement.Resource !== "*"
      ? [{ change: "resource *", to: [{ ...statement, Resource: "*" }] }]
      : []),
    ...("Principal" in statement ? [{ change: "principal *", to: [{ ...statement, Principal: "*" }] }] : []),
    ...conditions.map((operator) => ({
      change: `without ${operator}`,
      to: [{ ...statement, Condition: without(statement.Condition, operator) }],
    })),
  ];
}

function narrower(statement: Raw): { change: string; to: Raw[] }[] {
  return ["Action", "Resource"].flatMap((property) => {
    const list = listOf(statement[property]);
    if (list.length < 2) return [];
    return list.map((dropped) => ({
      change: `without ${property.toLowerCase()} ${String(dropped)}`,
      to: [{ ...statement, [property]: list.filter((each) => each !== dropped) }],
    }));
  });
}

const without = (object: unknown, key: string): Raw =>
  Object.fromEntries(Object.entries(isRecord(object) ? object : {}).filter(([name]) => name !== key));

const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
