import { notImplemented } from "../http/awsError";
import type { Context } from "./context";
import { globMatches, unescapeGlob } from "./glob";
import { listOf, type PolicyStatement } from "./policyDocument";
import type { Resolve } from "./variables";

/**
 * Condition operators.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
interface Operator {
  /** @param expected a pattern of `globMatches` */
  matches(actual: string, expected: string): boolean;
  /** A negated operator holds when no value matches, and when the key is missing. */
  negated?: boolean;
  /** The values that a policy may compare with. Default: any text, with policy variables. */
  values?: RegExp;
}

const equals: Operator["matches"] = (actual, expected) => actual === unescapeGlob(expected);
const equalsIgnoreCase: Operator["matches"] = (actual, expected) =>
  actual.toLowerCase() === unescapeGlob(expected).toLowerCase();
const like: Operator["matches"] = (actual, expected) => globMatches(expected, actual);
const numeric = (compare: (a: number, b: number) => boolean): Operator => ({
  matches: (actual, expected) => compare(Number(actual), Number(expected)),
  values: /^-?\d+(\.\d+)?$/,
});
const truth = /^(true|false)$/i;

/** The six parts of an ARN are compared each on its own, so that no wildcard reaches over a colon. */
const arnLike: Operator["matches"] = (actual, expected) => {
  const actualParts = arnParts(actual);
  const expectedParts = arnParts(expected);
  return (
    actualParts.length === 6 &&
    expectedParts.length === 6 &&
    expectedParts.every((part, index) => globMatches(part, actualParts[index] ?? ""))
  );
};

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const operators: Record<string, Operator> = {
  StringEquals: { matches: equals },
  StringNotEquals: { matches: equals, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoreCase },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoreCase, negated: true },
  StringLike: { matches: like },
  StringNotLike: { matches: like, negated: true },
  ArnEquals: { matches: arnLike },
  ArnLike: { matches: arnLike },
  ArnNotEquals: { matches: arnLike, negated: true },
  ArnNotLike: { matches: arnLike, negated: true },
  Bool: { matches: equalsIgnoreCase, values: truth },
  NumericEquals: numeric((a, b) => a === b),
  NumericNotEquals: { ...numeric((a, b) => a === b), negated: true },
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
};

export const supportedOperators: readonly string[] = ["Null", ...Object.keys(operators)];

interface Test {
  /** Undefined for `Null`. */
  operator: Operator | undefined;
  /** How many of a key's values must match. */
  quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  ifExists: boolean;
}

/** Reads an operator's name, such as `ForAnyValue:StringLikeIfExists`; undefined for one that is not supported. */
export function readOperator(name: string): (Test & { values: RegExp | undefined }) | undefined {
  if (name === "Null") return { operator: undefined, quantifier: undefined, ifExists: false, values: truth };
  const [, quantifier, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = Object.hasOwn(operators, base) ? operators[base] : undefined;
  if (operator === undefined) return undefined;
  return {
    operator,
    quantifier: quantifier as Test["quantifier"],
    ifExists: ifExists !== undefined,
    values: operator.values,
  };
}

/** True when every operator and every key of a statement's Condition holds. Keys are compared without case. */
export function conditionsHold(condition: PolicyStatement["Condition"], context: Context, resolve: Resolve): boolean {
  return Object.entries(condition ?? {}).every(([name, keys]) => {
    const test = readOperator(name);
    if (test === undefined) throw notImplemented(`the condition operator ${name}`);
    return Object.entries(keys).every(([key, expected]) => {
      const actual = context.get(key.toLowerCase());
      const texts = listOf<string | boolean | number>(expected).map(String);
      return holds(test, actual === undefined ? [] : [actual].flat(), texts, resolve);
    });
  });
}

/**
 * A key without a value counts as missing. Of a key with several, `ForAllValues` asks that each matches, and
 * `ForAnyValue` that one does; empty texts count as no value there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holds(test: Test, actual: readonly string[], texts: string[], resolve: Resolve): boolean {
  const { operator, quantifier, ifExists } = test;
  if (operator === undefined) return texts.some((text) => (text.toLowerCase() === "true") === (actual.length === 0));
  const values = quantifier === undefined ? actual : actual.filter((value) => value !== "");
  if (values.length === 0 && ifExists) return true;
  const patterns = texts.map(resolve);
  // A variable without a value makes the statement invalid.
  if (patterns.includes(undefined)) return false;
  if (values.length === 0) return quantifier === undefined ? operator.negated === true : quantifier === "ForAllValues";
  const matches = (value: string): boolean =>
    patterns.some((pattern) => operator.matches(value, pattern ?? "")) !== (operator.negated === true);
  return quantifier === "ForAnyValue" ? values.some(matches) : values.every(matches);
}
