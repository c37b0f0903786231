import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { Graph } from "../model/graph";
import { UNKNOWN, type Resource } from "../model/resource";
import { canonicalType } from "../model/types";

/** One resource with its declared inputs, as the engine hands it over before it makes the resource. */
export function resourceOf(args: ResourceValidationArgs): Resource {
  const inputs = withoutGuard(args.props);
  return {
    type: canonicalType(args.type),
    name: args.name,
    urn: args.urn,
    inputs,
    outputs: inputs,
    protect: args.opts.protect,
    ...(args.opts.parent === undefined ? {} : { parent: args.opts.parent }),
    dependencies: [],
    propertyDependencies: {},
  };
}

/**
 * The stack that the engine hands over at the end of a preview or update.
 * @param declared the resources that it handed over one by one before, by URN: the stack has outputs alone
 */
export function graphOf(resources: readonly PolicyResource[], declared: ReadonlyMap<string, Resource>): Graph {
  return new Graph(
    resources.map((resource) => {
      const outputs = withoutGuard(resource.props);
      return {
        type: canonicalType(resource.type),
        name: resource.name,
        urn: resource.urn,
        inputs: declared.get(resource.urn)?.inputs ?? outputs,
        outputs,
        protect: resource.opts.protect,
        ...(resource.parent ? { parent: resource.parent.urn } : {}),
        dependencies: resource.dependencies.map(({ urn }) => urn),
        propertyDependencies: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([property, on]) => [property, on.map(({ urn }) => urn)]),
        ),
      };
    }),
  );
}

/** Properties without the engine's guard, which throws where an unknown value is touched. */
function withoutGuard(guarded: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(guarded).map((key) => [key, valueOf(() => guarded[key])]));
}

function valueOf(get: () => unknown): unknown {
  let value: unknown;
  try {
    value = get();
  } catch (error) {
    if (error instanceof Error && error.message.endsWith("can't be known during preview")) return UNKNOWN;
    throw error;
  }
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    return Array.from(list.keys(), (at) => valueOf(() => list[at]));
  }
  return typeof value === "object" && value !== null ? withoutGuard(value as Record<string, unknown>) : value;
}
