import type { Graph } from "./model/graph";
import { NotKnown, type Resource } from "./model/resource";
import type { Level, Problem, Rule, Setting } from "./rules/rule";

/** One objection of a rule to a resource, or one check that could not be made. */
export interface Finding {
  rule: string;
  /** `not-checked` findings are always advisory. */
  kind: "violation" | "not-checked";
  level: Level;
  urn: string;
  /** The property, by its path. */
  property: string;
  /** Resource, property, value, the allowed ones, reason and remedy. */
  message: string;
}

/** Values of a rule's settings by name; `enforcementLevel` changes the level of the rule, or disables it. */
export type RuleConfiguration = Readonly<Record<string, unknown>> & { enforcementLevel?: Level | "disabled" };

export interface EvaluateOptions {
  rules: readonly Rule[];
  /** By the rule's name. Default: each rule's own defaults. */
  configuration?: Readonly<Record<string, RuleConfiguration>>;
}

/** The findings of all rules on a stack, in the order of the rules and resources. */
export async function evaluate(graph: Graph, options: EvaluateOptions): Promise<Finding[]> {
  const { rules, configuration = {} } = options;
  const findings: Finding[] = [];
  for (const rule of rules) {
    const configured = configuration[rule.name] ?? {};
    for (const resource of graph.all(...rule.types))
      findings.push(...(await evaluateRule(rule, resource, graph, configured)));
  }
  return findings;
}

/** The findings of one rule on one resource. */
export async function evaluateRule(
  rule: Rule,
  resource: Resource,
  graph: Graph,
  configured: RuleConfiguration = {},
): Promise<Finding[]> {
  const level = configured.enforcementLevel ?? rule.level;
  if (level === "disabled") return [];
  const findings: Finding[] = [];
  try {
    for await (const problem of rule.check(resource, graph, settingsOf(rule, configured))) {
      const { urn } = problem.on ?? resource;
      const message = messageOf(rule, problem.on ?? resource, problem);
      findings.push({ rule: rule.name, kind: "violation", level, urn, property: problem.property, message });
    }
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    const { resource: on, property, why } = error;
    const message = `${titleOf(on)}: not checked: ${why}: ${property}`;
    findings.push({ rule: rule.name, kind: "not-checked", level: "advisory", urn: on.urn, property, message });
  }
  return findings;
}

/** The settings of a rule: what is configured, and its defaults for the rest. */
function settingsOf({ settings = {} }: Rule, configured: RuleConfiguration): Record<string, Setting["default"]> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const value = configured[name];
      return [name, isLike(value, setting.default) ? value : setting.default];
    }),
  );
}

function isLike<T>(value: unknown, example: T): value is T {
  return typeof value === typeof example && Array.isArray(value) === Array.isArray(example);
}

function messageOf(rule: Rule, resource: Resource, { property, value, chain, allowed }: Problem): string {
  const is = value === undefined ? "is not set" : `is ${shown(value)}`;
  const steps = chain === undefined ? "" : `: ${chain}`;
  return `${titleOf(resource)}: ${property} ${is}${steps}; allowed: ${allowed}. ${rule.reason} ${rule.remedy}`;
}

const titleOf = ({ type, name }: Resource): string => `${type.split(":").at(-1) ?? ""} ${name}`;

/** A value of a message: short, in one line. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)} …` : text;
}
