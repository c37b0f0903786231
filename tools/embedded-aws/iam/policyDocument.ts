/** One policy document, as a program writes it. */
export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement | PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

/** A policy and where it is. */
export interface HeldPolicy {
  /** ARN of the role or the resource. */
  holder: string;
  /** The name of a role's policy, or what kind of policy it is: `queue policy`, `trust policy`. */
  name: string;
  document: PolicyDocument;
}

/** A policy writes one value or a list of values; this is the list. */
export const listOf = <Value>(value: Value | Value[] | undefined): Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
