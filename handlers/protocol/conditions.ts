import type { Condition } from "../ports";
import type { RawRecord } from "../records";

/** The attribute is what it was when the record was read; `undefined` means that it was absent. */
export function unchanged<A extends "epoch" | "generation" | "status" | "revision" | "givenUp" | "rejectedSequencer">(
  attribute: A,
  value: RawRecord[A] | undefined,
): Condition<RawRecord> {
  return (value === undefined ? { attribute, absent: true } : { attribute, oneOf: [value] }) as Condition<RawRecord>;
}
