import { evaluateRule, type RuleConfiguration } from "../evaluate";
import { Graph } from "../model/graph";
import { isRecord } from "../model/read";
import type { Rule } from "../rules/rule";

/** The rules that read an input, by the resource's URN and the path of the input. */
export type Reads = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<Rule>>>;

/**
 * Evaluates rules on a stack, and notes which of its inputs each of them reads.
 * @param configuration of the rules, by name
 */
export async function readsOf(
  graph: Graph,
  rules: readonly Rule[],
  configuration: Readonly<Record<string, RuleConfiguration>>,
): Promise<Reads> {
  const reads = new Map<string, Map<string, Set<Rule>>>();
  for (const rule of rules) {
    const note = (urn: string, path: string): void => {
      const ofResource = reads.get(urn) ?? new Map<string, Set<Rule>>();
      reads.set(urn, ofResource.set(path, (ofResource.get(path) ?? new Set()).add(rule)));
    };
    const traced = new Graph(
      graph.resources.map((resource) => ({
        ...resource,
        inputs: noting(resource.inputs, (path) => note(resource.urn, path)),
      })),
    );
    for (const resource of traced.all(...rule.types))
      await evaluateRule(rule, resource, traced, configuration[rule.name]);
  }
  return reads;
}

/** The same object, which tells the path of each plain value that is read of it. */
function noting<T extends object>(object: T, note: (path: string) => void, path = ""): T {
  return new Proxy(object, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key === "symbol" || !Object.hasOwn(target, key) || (key === "length" && Array.isArray(target)))
        return value;
      const inner = path === "" ? key : `${path}.${key}`;
      if (isRecord(value) || Array.isArray(value)) return noting(value, note, inner);
      note(inner);
      return value;
    },
  });
}
