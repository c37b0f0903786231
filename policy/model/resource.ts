/** Stands for a value that only the deployment decides: a preview does not know it. */
export const UNKNOWN: unique symbol = Symbol("known after deployment");

/** One resource of a stack, whatever the source: the engine, a recorded program or a fixture. */
export interface Resource {
  /** Type token of today's @pulumi/aws: older aliases are already replaced, see `canonicalType`. */
  type: string;
  /** Logical name. */
  name: string;
  urn: string;
  /** The physical id, if the source has it. */
  id?: string;
  /** The values that the program declares, and defaults of the provider. Unknown ones, at any depth, are {@link UNKNOWN}. */
  inputs: Readonly<Record<string, unknown>>;
  /** The values that the provider answers with: inputs, and names, ids and ARNs by which others refer to the resource. */
  outputs: Readonly<Record<string, unknown>>;
  /** For a part of a resource, the path of its inputs. */
  within?: string;
  /** The engine refuses to delete it. */
  protect: boolean;
  /** URN of the component or resource that it belongs to. */
  parent?: string;
  /** URNs of all resources that it waits for. */
  dependencies: readonly string[];
  /** The same by input property, if the source has it. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** Thrown where a value cannot be seen; the check of one rule on one resource ends with it, and reports it. */
export class NotKnown extends Error {
  /** Path of the property in the whole resource. */
  readonly property: string;

  /** @param why it cannot be seen: `known after deployment`, `not part of this stack` */
  constructor(
    readonly resource: Resource,
    property: string,
    readonly why = "known after deployment",
  ) {
    super(`${property} of ${resource.name}: ${why}`);
    this.property = resource.within === undefined ? property : `${resource.within}.${property}`;
  }
}
