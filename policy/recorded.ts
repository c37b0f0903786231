import { Graph } from "./model/graph";
import type { Resource } from "./model/resource";
import { canonicalType } from "./model/types";

/** A resource of a program that ran without the engine. */
export interface RecordedResource {
  type: string;
  name: string;
  urn: string;
  id: string;
  /** Declared inputs. */
  inputs: Record<string, unknown>;
  /** Outputs. */
  state: Record<string, unknown>;
  protect: boolean;
  parent?: string;
  dependencies: readonly string[];
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/**
 * The stack of a recorded program.
 *
 * @example
 * ```ts
 * const findings = await evaluate(graphOfRecorded(resources), { rules });
 * ```
 */
export function graphOfRecorded(resources: readonly RecordedResource[]): Graph {
  return new Graph(
    resources.map(({ state, ...resource }): Resource => ({
      ...resource,
      type: canonicalType(resource.type),
      outputs: state,
    })),
  );
}
