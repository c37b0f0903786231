import type { Policies, PolicyConfigSchema, ReportViolation } from "@pulumi/policy";
import { evaluateRule, type Finding, type RuleConfiguration } from "../evaluate";
import { Graph } from "../model/graph";
import type { Rule } from "../rules/rule";
import { EngineResources } from "./engineResources";
import { SuppressionPolicies } from "./suppressionPolicies";

/**
 * The rules as policies of the engine, one for each, between those about suppressions, and one more that reports what the
 * others could not check. CrossGuard gives all findings of a policy the same level; an unknown value never refuses a
 * preview, so it cannot be a finding of a mandatory rule.
 */
export function policiesFor(rules: readonly Rule[]): Policies {
  const suppressions = new SuppressionPolicies();
  const isReported = (finding: Finding) => suppressions.isReported(finding);
  const notChecked = new Map<string, Finding[]>();
  const engine = new EngineResources();
  const report = (key: string, findings: readonly Finding[], to: ReportViolation) => {
    notChecked.set(key, findings.filter(({ kind }) => kind === "not-checked").filter(isReported));
    for (const { message, urn } of findings.filter(({ kind }) => kind === "violation").filter(isReported))
      to(message, urn);
  };
  const policies = rules.map((rule): Policies[number] => {
    const common = {
      name: rule.name,
      description: descriptionOf(rule),
      enforcementLevel: rule.level,
      remediationSteps: rule.remedy,
      ...(rule.settings === undefined ? {} : { configSchema: schemaOf(rule) }),
    };
    if (rule.reads === "resource")
      return {
        ...common,
        validateResource: async (args, reportViolation) => {
          // Read even where the rule is not about it: the end of the run needs the inputs of all.
          const resource = engine.one(rule.name, args);
          const graph = new Graph([resource]);
          if (!graph.all(...rule.types).includes(resource)) return;
          const findings = await evaluateRule(
            rule,
            resource,
            new Graph([resource]),
            args.getConfig<RuleConfiguration>(),
          );
          report(`${rule.name} ${args.urn}`, findings, reportViolation);
        },
      };
    return {
      ...common,
      validateStack: async (args, reportViolation) => {
        const graph = engine.all(rule.name, args.resources);
        const configured = args.getConfig<RuleConfiguration>();
        const checks = graph.all(...rule.types).map((resource) => evaluateRule(rule, resource, graph, configured));
        report(rule.name, (await Promise.all(checks)).flat(), reportViolation);
      },
    };
  });
  return [suppressions.first, ...policies, suppressions.last, notCheckedPolicy(() => [...notChecked.values()].flat())];
}

/** The rule's demand and public ids, as the engine shows it above each finding. */
function descriptionOf({ title, ids }: Rule): string {
  return ids.length === 0 ? title : `${title} (${ids.join(", ")})`;
}

function schemaOf({ settings = {} }: Rule): PolicyConfigSchema {
  return { properties: { ...settings } };
}

/** One finding for each unknown property, with the rules that wanted it. */
function notCheckedPolicy(findings: () => Finding[]): Policies[number] {
  return {
    name: "not-checked",
    description: "Names what no rule could check, because its value is known after deployment",
    enforcementLevel: "advisory",
    validateStack: (_, reportViolation) => {
      const same = Map.groupBy(findings(), ({ urn, message }) => `${urn} ${message}`);
      for (const found of same.values()) {
        const [{ message, urn } = { message: "", urn: "" }] = found;
        reportViolation(`${message} (${[...new Set(found.map(({ rule }) => rule))].join(", ")})`, urn);
      }
    },
  };
}
