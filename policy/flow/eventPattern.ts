import {
  anything,
  beginningWith,
  both,
  endingWith,
  example,
  iamPattern,
  literal,
  oneOf,
  type Pattern,
  type Texts,
} from "../model/pattern";
import { isRecord } from "../model/read";
import type { EventFields } from "./place";

/**
 * Whether an event pattern may match events with some fields. What is not decided by texts counts as possible: numbers,
 * addresses, the case of letters, and fields that are not known.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function mayMatch(pattern: Record<string, unknown>, fields: EventFields, path = ""): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted))
      return wanted.some((each) => isRecord(each) && mayMatch(each, fields, path));
    const field = `${path}${name}`;
    if (isRecord(wanted)) return mayMatch(wanted, fields, `${field}.`);
    const texts = fields[field];
    return (
      !Array.isArray(wanted) ||
      texts === undefined ||
      wanted.some((each) => example(both(texts, textsOf(each))) !== undefined)
    );
  });
}

/** The texts that one entry of a pattern's list matches; all, where it does not go by texts. */
function textsOf(matcher: unknown): Texts {
  const pattern = patternOf(matcher);
  if (pattern) return oneOf(pattern);
  if (!isRecord(matcher)) return oneOf(anything);
  if (matcher.exists === false) return oneOf();
  const but = matcher["anything-but"];
  if (but === undefined) return oneOf(anything);
  const excluded = isRecord(but)
    ? Object.entries(but).flatMap(([name, values]) => [values].flat().map((value: unknown) => ({ [name]: value })))
    : [but].flat();
  return { allOf: [], noneOf: excluded.map(patternOf).filter((each) => each !== undefined) };
}

function patternOf(matcher: unknown): Pattern | undefined {
  if (typeof matcher === "string") return literal(matcher);
  if (!isRecord(matcher)) return undefined;
  const { prefix, suffix, wildcard } = matcher;
  if (typeof prefix === "string") return beginningWith(prefix);
  if (typeof suffix === "string") return endingWith(suffix);
  return typeof wildcard === "string" ? iamPattern(wildcard.replaceAll(/[?$]/g, "${$&}")) : undefined;
}
