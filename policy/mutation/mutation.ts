import { evaluate, type Finding, type RuleConfiguration } from "../evaluate";
import { Graph } from "../model/graph";
import type { Resource } from "../model/resource";
import type { Rule } from "../rules/rule";
import { besideTheRules } from "./besides";
import { mutantsOf, mutated, type Mutant } from "./mutants";
import { readsOf } from "./reads";

/** The end of a mutant: a rule objects to it, none does, or none has to. */
export interface Verdict {
  mutant: Mutant;
  /** Name of the first mandatory rule that objects. */
  killedBy?: string;
  /** Why none has to. */
  beside?: string;
}

export interface MutationOptions {
  rules: readonly Rule[];
  /** By the rule's name. */
  configuration: Readonly<Record<string, RuleConfiguration>>;
  /** Whether a finding counts; default: all do. */
  isReported?: (finding: Finding) => boolean;
}

/**
 * Makes one mistake after the other in a stack, and looks for a mandatory rule that objects to it.
 *
 * @example
 * ```ts
 * const verdicts = await mutate(graphOfRecorded(resources), { rules, configuration: configuration(rules) });
 * console.log(tableOf(verdicts));
 * ```
 */
export async function mutate(stack: Graph, options: MutationOptions): Promise<Verdict[]> {
  const { configuration, isReported = () => true } = options;
  const graph = new Graph(stack.resources.map(withObjects));
  const rules = options.rules
    .filter(({ name, level }) => (configuration[name]?.enforcementLevel ?? level) === "mandatory")
    .toSorted((one, other) => costOf(one) - costOf(other));
  const objections = async (on: Graph, rule: Rule): Promise<string[]> =>
    (await evaluate(on, { rules: [rule], configuration }))
      .filter((finding) => finding.kind === "violation" && isReported(finding))
      .map(({ message }) => message);
  const before = new Map<Rule, string[]>();
  for (const rule of rules) before.set(rule, await objections(graph, rule));

  const killerOf = async ({ resource, forms, readBy }: Mutant): Promise<string | undefined> => {
    for (const form of forms) {
      const changed = mutated(graph, resource, form);
      for (const rule of rules) {
        if (readBy?.has(rule) === false) continue;
        const known = before.get(rule) ?? [];
        if ((await objections(changed, rule)).some((message) => !known.includes(message))) return rule.name;
      }
    }
    return undefined;
  };
  const verdicts: Verdict[] = [];
  for (const mutant of mutantsOf(graph, await readsOf(graph, rules, configuration))) {
    const beside = besideTheRules(mutant, mutant.forms[0]?.change ?? "");
    const killedBy = beside === undefined ? await killerOf(mutant) : undefined;
    verdicts.push({
      mutant,
      ...(beside === undefined ? {} : { beside }),
      ...(killedBy === undefined ? {} : { killedBy }),
    });
  }
  return verdicts;
}

/** The rules that follow the whole graph take longest, and come last. */
const costOf = ({ reads, group }: Rule): number => (group === "Graph" ? 2 : reads === "graph" ? 1 : 0);

/** Inputs that may be JSON text; in objects the reads of each part are seen. */
const jsonInputs = new Set(["body", "eventPattern", "redriveAllowPolicy", "redrivePolicy"]);

function withObjects(resource: Resource): Resource {
  const inputs = Object.entries(resource.inputs).map(([name, value]): [string, unknown] => [
    name,
    jsonInputs.has(name) && typeof value === "string" ? JSON.parse(value) : value,
  ]);
  return { ...resource, inputs: Object.fromEntries(inputs) };
}
