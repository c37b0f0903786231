import { notImplemented } from "../http/awsError";
import { listOf, type PolicyStatement } from "./policyDocument";
import { globMatches } from "./glob";

/**
 * Condition operators.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
interface Operator {
  matches(actual: string, expected: string): boolean;
  /** A negated operator holds when no value matches, and when the key is missing. */
  negated?: boolean;
}

const equals: Operator["matches"] = (actual, expected) => actual === expected;
const equalsIgnoreCase: Operator["matches"] = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const like: Operator["matches"] = (actual, expected) => globMatches(expected, actual);
const numeric =
  (compare: (a: number, b: number) => boolean): Operator["matches"] =>
  (actual, expected) =>
    compare(Number(actual), Number(expected));

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
  Bool: { matches: equalsIgnoreCase },
  NumericEquals: { matches: numeric((a, b) => a === b) },
  NumericNotEquals: { matches: numeric((a, b) => a === b), negated: true },
  NumericLessThan: { matches: numeric((a, b) => a < b) },
  NumericLessThanEquals: { matches: numeric((a, b) => a <= b) },
  NumericGreaterThan: { matches: numeric((a, b) => a > b) },
  NumericGreaterThanEquals: { matches: numeric((a, b) => a >= b) },
};

export const supportedOperators: readonly string[] = ["Null", ...Object.keys(operators)];

/**
 * `ForAllValues` holds for a key that is missing. Each key has one value here, so that it differs in nothing else:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
const FOR_ALL = "ForAllValues:";

function operatorOf(name: string): { operator: Operator | undefined; ifExists: boolean } {
  const forAll = name.startsWith(FOR_ALL);
  const own = forAll ? name.slice(FOR_ALL.length) : name;
  const ifExists = forAll || own.endsWith("IfExists");
  const base = own.endsWith("IfExists") ? own.slice(0, -"IfExists".length) : own;
  return { operator: Object.hasOwn(operators, base) ? operators[base] : undefined, ifExists };
}

/** True when the evaluator knows the condition operator. */
export function isSupportedOperator(name: string): boolean {
  return name === "Null" || operatorOf(name).operator !== undefined;
}

/** True when every operator and every key of a statement's Condition holds. Keys are compared without case. */
export function conditionsHold(condition: PolicyStatement["Condition"], context: Map<string, string>): boolean {
  return Object.entries(condition ?? {}).every(([name, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      holds(
        name,
        context.get(key.toLowerCase()),
        listOf<string | boolean | number>(expected).map((value) => String(value)),
      ),
    ),
  );
}

function holds(name: string, actual: string | undefined, expected: string[]): boolean {
  if (name === "Null") return expected.some((value) => (value.toLowerCase() === "true") === (actual === undefined));
  const { operator, ifExists } = operatorOf(name);
  if (operator === undefined) throw notImplemented(`the condition operator ${name}`);
  if (actual === undefined) return ifExists || operator.negated === true;
  const matched = expected.some((value) => operator.matches(actual, value));
  return operator.negated === true ? !matched : matched;
}
