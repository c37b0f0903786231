import { Graph } from "../model/graph";
import { policiesOf } from "../model/policies";
import { isRecord, read } from "../model/read";
import type { Resource } from "../model/resource";
import type { Rule } from "../rules/rule";
import type { Reads } from "./reads";
import { worseDocuments } from "./statements";

/** One mistake in a stack. */
export interface Mutant {
  resource: Resource;
  /** A resource that is missing, a statement that is worse, an input with a bad value. */
  kind: "resource" | "statement" | "input";
  /** The path of the input, the statement, or empty for the whole resource. */
  place: string;
  /** Forms of the mistake; the rules must object to one of them. */
  forms: readonly Form[];
  /** The rules that read the place. Default: any rule may. */
  readBy?: ReadonlySet<Rule>;
}

export interface Form {
  /** `missing`, `action s3:*`, `false`. */
  change: string;
  /** The changed resource; undefined where it is missing. */
  to: Resource | undefined;
}

/** Every mutant of a stack: each resource is missing, each statement worse, each input that a rule reads has a bad value. */
export function mutantsOf(graph: Graph, reads: Reads): Mutant[] {
  const declared = graph.resources.filter(({ type }) => type.startsWith("aws:"));
  return declared.flatMap((resource): Mutant[] => [
    { resource, kind: "resource", place: "", forms: [{ change: "missing", to: undefined }] },
    ...statementMutants(resource),
    ...inputMutants(resource, reads.get(resource.urn) ?? new Map<string, ReadonlySet<Rule>>()),
  ]);
}

/** The stack with a mistake. Other resources do not depend on one that is missing. */
export function mutated(graph: Graph, resource: Resource, { to }: Form): Graph {
  const kept = (urns: readonly string[]): string[] => urns.filter((urn) => urn !== resource.urn);
  return new Graph(
    graph.resources.flatMap((each) => {
      if (each === resource) return to ?? [];
      if (to) return [each];
      const byProperty = Object.entries(each.propertyDependencies).map(([name, urns]) => [name, kept(urns)] as const);
      return [{ ...each, dependencies: kept(each.dependencies), propertyDependencies: Object.fromEntries(byProperty) }];
    }),
  );
}

function statementMutants(resource: Resource): Mutant[] {
  return policiesOf(resource).flatMap(({ property }) =>
    worseDocuments(read(resource, property)).map(({ statement, change, document }): Mutant => ({
      resource,
      kind: "statement",
      place: `${property}: ${statement}`,
      forms: [{ change, to: withInput(resource, property, JSON.stringify(document)) }],
    })),
  );
}

function inputMutants(resource: Resource, reads: ReadonlyMap<string, ReadonlySet<Rule>>): Mutant[] {
  const policies = policiesOf(resource).map(({ property }) => property);
  // Of names with dots a path tells nothing.
  const inputs = [...reads].filter(
    ([path]) =>
      read(resource, path) !== undefined && !policies.some((property) => `${path}.`.startsWith(`${property}.`)),
  );
  return inputs.map(([path, readBy]) => ({
    resource,
    kind: "input",
    place: path,
    forms: badValues(read(resource, path)).map((value) => ({
      change: value === undefined ? "not set" : JSON.stringify(value),
      to: withInput(resource, path, value),
    })),
    readBy,
  }));
}

/** Values that differ from a good one as mistakes do: none, the opposite, too little, too much, another name, all. */
function badValues(good: unknown): unknown[] {
  const ofTypes: Record<string, unknown[]> = {
    boolean: [good !== true],
    number: [0, 1, 1_000_000_000],
    string: ["other", "*"],
  };
  return [undefined, ...(ofTypes[typeof good] ?? [])].filter((value) => value !== good);
}

/** The resource with another input, of which no dependency tells where it comes from. */
function withInput(resource: Resource, path: string, value: unknown): Resource {
  const [property = "", ...rest] = path.split(".");
  const propertyDependencies = { ...resource.propertyDependencies, [property]: [] };
  const inputs = { ...resource.inputs, [property]: changedAt(resource.inputs[property], rest, value) };
  return { ...resource, inputs, propertyDependencies };
}

/** A member of a list that is not set is taken out of it. */
function changedAt(value: unknown, [first, ...rest]: string[], to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const list = value.map((each: unknown, at) => (String(at) === first ? changedAt(each, rest, to) : each));
    return list.filter((each) => each !== undefined);
  }
  return isRecord(value) ? { ...value, [first]: changedAt(value[first], rest, to) } : value;
}
