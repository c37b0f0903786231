import { AwsError, notImplemented } from "../http/awsError";

/**
 * Whether an event, or a record of a stream, matches a pattern of EventBridge: each field that the pattern names must have
 * one of its values. Fields that it does not name are free.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export type Pattern = (event: unknown) => boolean;

const invalid = (reason: string): AwsError =>
  new AwsError(400, "InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

/** @throws AwsError for a pattern that AWS refuses, or that uses what is not implemented here */
export function patternOf(text: string): Pattern {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid("it is not JSON");
  }
  return fieldsOf(parsed, "");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An array in an event matches where one of its elements does. */
const eachOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function fieldsOf(pattern: unknown, path: string): Pattern {
  if (!isObject(pattern)) throw invalid(`"${path}" must be an object or an array`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalid(path === "" ? "it is empty" : `empty objects are not allowed at "${path}"`);
  const tests = entries.map(([field, wanted]) => {
    if (field.startsWith("$")) throw notImplemented(`event patterns with ${field}`);
    const test = Array.isArray(wanted) ? valuesOf(wanted, `${path}${field}`) : fieldsOf(wanted, `${path}${field}.`);
    return { field, test, isLeaf: Array.isArray(wanted) };
  });
  return (event) =>
    eachOf(event).some((one) =>
      tests.every(({ field, test, isLeaf }) => {
        const value = isObject(one) ? one[field] : undefined;
        return isLeaf ? test(value) : test(value ?? {});
      }),
    );
}

function valuesOf(wanted: unknown[], path: string): Pattern {
  if (wanted.length === 0) throw invalid(`"${path}" must not be empty`);
  const tests = wanted.map((one) => (isObject(one) ? comparison(one, path) : equals(one, path)));
  return (value) => tests.some((test) => test(value));
}

function equals(wanted: unknown, path: string): Pattern {
  if (typeof wanted === "object" && wanted !== null) throw invalid(`"${path}" has an array within an array`);
  return (value) => eachOf(value).some((one) => one === wanted);
}

const onText =
  (test: (text: string) => boolean): Pattern =>
  (value) =>
    eachOf(value).some((one) => typeof one === "string" && test(one));

function comparison(wanted: Record<string, unknown>, path: string): Pattern {
  const [kind = ""] = Object.keys(wanted);
  const operand = wanted[kind];
  if (Object.keys(wanted).length > 1) throw invalid(`only one comparison is allowed in each object at "${path}"`);
  switch (kind) {
    case "exists":
      if (typeof operand !== "boolean") throw invalid(`"exists" at "${path}" must be true or false`);
      // "Exists matching only works on leaf nodes."
      return (value) => (value !== undefined && !isObject(value)) === operand;
    case "prefix":
    case "suffix":
    case "equals-ignore-case":
      if (typeof operand !== "string")
        throw notImplemented(`event patterns with ${kind} of ${JSON.stringify(operand)}`);
      if (kind === "prefix") return onText((text) => text.startsWith(operand));
      if (kind === "suffix") return onText((text) => text.endsWith(operand));
      return onText((text) => text.toLowerCase() === operand.toLowerCase());
    case "anything-but": {
      if (isObject(operand)) throw notImplemented(`event patterns with anything-but of ${JSON.stringify(operand)}`);
      const refused = eachOf(operand);
      return (value) => value !== undefined && eachOf(value).every((one) => !refused.includes(one));
    }
    case "numeric":
      return numeric(operand, path);
    default:
      throw notImplemented(`event patterns with ${kind}`);
  }
}

const numericTests: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** `["numeric", ">", 0, "<=", 5]` */
function numeric(operand: unknown, path: string): Pattern {
  const terms = eachOf(operand);
  const tests = terms.flatMap((sign, index) => {
    if (index % 2 === 1) return [];
    const test = numericTests[String(sign)];
    const bound = terms[index + 1];
    if (test === undefined || typeof bound !== "number") throw invalid(`"numeric" at "${path}" is malformed`);
    return [(value: number) => test(value, bound)];
  });
  return (value) => eachOf(value).some((one) => typeof one === "number" && tests.every((test) => test(one)));
}
