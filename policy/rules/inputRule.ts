import { readText } from "../model/read";
import { rule, type Rule } from "./rule";

/** A rule about one input of resources of one type. */
interface InputRule extends Omit<Rule, "types" | "reads" | "settings" | "check"> {
  type: string;
  /** Path of the input. */
  property: string;
  /** Words for the message: `true`, `TLS_1_2`. */
  allowed: string;
  /** Whether the value is right; without one the value is undefined. Default: it must be the text of `allowed`. */
  accept?: (value: string | undefined) => boolean;
}

/** Declares a rule that compares one input with what is allowed. */
export function inputRule({ type, property, allowed, accept, ...rest }: InputRule): Rule {
  const isRight = accept ?? ((value) => value === allowed);
  return rule({
    ...rest,
    types: [type],
    reads: "resource",
    *check(resource) {
      const value = readText(resource, property);
      if (!isRight(value)) yield { property, value, allowed };
    },
  });
}

/** Accepts any value. */
export const isSet = (value: string | undefined): boolean => value !== undefined;
