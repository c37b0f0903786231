import type { Graph } from "../model/graph";
import type { Resource } from "../model/resource";

/** Rules are grouped by service; `house` holds the rules of this project's own architecture. */
export type Group =
  | "S3"
  | "SQS"
  | "Lambda"
  | "DynamoDB"
  | "API Gateway"
  | "IAM"
  | "KMS"
  | "Logs"
  | "CloudFront"
  | "EventBridge"
  | "Graph"
  | "House";

export type Level = "mandatory" | "advisory";

/** JSON schema of one setting of a rule, and its default. */
export type Setting =
  | { type: "integer"; default: number; minimum?: number; maximum?: number; description: string }
  | { type: "boolean"; default: boolean; description: string }
  | { type: "string"; default: string; enum?: string[]; description: string }
  | { type: "array"; items: { type: "string" }; default: string[]; description: string };

export type Settings = Readonly<Record<string, Setting>>;

/** The values of a rule's settings. */
export type SettingValues<S extends Settings> = { readonly [Name in keyof S]: S[Name]["default"] };

/** One thing that a rule objects to. */
export interface Problem {
  /** The property, by its path: `rules.0.expiration`. */
  property: string;
  /** Its value, or a description of one that must not be shown. Absent where it is not set. */
  value?: unknown;
  /** How it comes about, step by step; printed in full. */
  chain?: string;
  /** The values that are allowed, or the state that is asked for. */
  allowed: string;
  /** The resource that has the property, where it is not the one that is checked. */
  on?: Resource;
}

export interface Rule<S extends Settings = Settings> {
  /** Name in findings, configuration and suppressions: `s3-public-access-block`. */
  name: string;
  group: Group;
  /** Ids in public catalogues: Security Hub (`S3.8`), checkov (`CKV_AWS_53`), cdk-nag (`NAG-S2`), cfn-nag (`CFN-F14`). */
  ids: readonly string[];
  level: Level;
  /** The demand, as one sentence without a full stop. */
  title: string;
  /** The harm that it prevents, as one sentence. */
  reason: string;
  /** Tells how to mend it, as one sentence. */
  remedy: string;
  /** Types of the resources that are checked, one by one; `*` for all. */
  types: readonly string[];
  /**
   * `resource`: needs nothing but the declared inputs of the one resource, and so refuses it before it is made.
   * `graph`: needs other resources too, and is checked at the end of a preview or update.
   */
  reads: "resource" | "graph";
  /** JSON schemas by name. Default: the rule has no settings. */
  settings?: S;
  /**
   * Yields the problems of one resource. Reading an unknown value throws NotKnown, which ends the check: problems that
   * were yielded before count, and the rest is reported as not checked.
   */
  check(resource: Resource, graph: Graph, settings: SettingValues<S>): Iterable<Problem> | AsyncIterable<Problem>;
}

/**
 * Declares a rule; its settings reach `check` with the types of their defaults.
 *
 * @example
 * ```ts
 * export const tracing = rule({
 *   name: "lambda-tracing",
 *   group: "Lambda",
 *   ids: ["CKV_AWS_50"],
 *   level: "advisory",
 *   title: "Every function is traced",
 *   reason: "Without a trace the slow step of a request cannot be found.",
 *   remedy: "Set tracingConfig.mode to Active.",
 *   types: ["aws:lambda/function:Function"],
 *   reads: "resource",
 *   *check(resource) {
 *     const value = readText(resource, "tracingConfig.mode");
 *     if (value !== "Active") yield { property: "tracingConfig.mode", value, allowed: "Active" };
 *   },
 * });
 * ```
 */
export function rule<S extends Settings>(declared: Rule<S>): Rule {
  // The evaluation passes a rule the values of its own settings, and no others.
  return declared;
}
