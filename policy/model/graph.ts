import { FUNCTION } from "./awsTypes";
import { read } from "./read";
import { NotKnown, UNKNOWN, type Resource } from "./resource";

/** Outputs by which other resources refer to one. */
const IDENTITIES = [
  "id",
  "arn",
  "name",
  "bucket",
  "url",
  "keyId",
  "functionName",
  "stageName",
  "executionArn",
  "streamArn",
  "bucketDomainName",
  "bucketRegionalDomainName",
];

/** The resources of a stack, and how they refer to each other. */
export class Graph {
  private readonly byType: Map<string, Resource[]>;
  private readonly byUrn: Map<string, Resource>;

  constructor(readonly resources: readonly Resource[]) {
    this.byType = Map.groupBy(resources, ({ type }) => type);
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** All resources of some types, in the order of the stack; `*` stands for every type. */
  all(...types: readonly string[]): readonly Resource[] {
    if (types.includes("*")) return this.resources;
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The resource with a URN. */
  at(urn: string): Resource | undefined {
    return this.byUrn.get(urn);
  }

  /**
   * The resource that a property names by id, ARN, name or URL: the bucket of a public access block, the role of a function.
   * An unknown value is followed along the dependencies that the engine recorded for the property.
   * @param path of the property, as for `read`
   * @param types of the resource to find
   * @returns undefined when the property is not set, or names a resource outside this stack
   * @throws NotKnown when the value is unknown and no dependency shows it
   */
  target(resource: Resource, path: string, ...types: readonly string[]): Resource | undefined {
    const [property = ""] = path.split(".");
    const value = valueAt(resource, path);
    const named = typeof value === "string" ? this.named(value, ...types) : undefined;
    // A known text inside a list says nothing about which of the property's dependencies it comes from.
    const isOutside = value !== UNKNOWN && (typeof value !== "string" || property !== path);
    if (named || isOutside) return named;
    const urns = resource.propertyDependencies[property] ?? [];
    const targets = this.all(...types).filter(({ urn }) => urns.includes(urn));
    if (targets.length === 1) return targets[0];
    if (value === UNKNOWN) throw new NotKnown(resource, path);
    return undefined;
  }

  /**
   * The resources of a type whose property names this one: the policies of a bucket.
   * @throws NotKnown when one of them may, and its value is unknown
   */
  referrers(resource: Resource, type: string, property: string): Resource[] {
    return this.all(type).filter((other) => this.target(other, property, resource.type) === resource);
  }

  /**
   * The resource of some types that a text names: an ARN or a URL inside a policy or another property.
   * @returns undefined for one outside this stack
   */
  named(text: string, ...types: readonly string[]): Resource | undefined {
    return this.all(...types).find((candidate) => isNamed(candidate, text));
  }
}

function isNamed(candidate: Resource, text: string): boolean {
  const texts = candidate.type === FUNCTION ? [text, text.replace(QUALIFIER, "")] : [text];
  return texts.some(
    (each) => each !== "" && (candidate.id === each || IDENTITIES.some((name) => candidate.outputs[name] === each)),
  );
}

/** The version or alias at the end of a function's ARN or name. */
const QUALIFIER = /(?<=^(?:arn:[^:]*:lambda:[^:]*:[^:]*:function:)?[^:]+):[^:]+$/;

/** A value as `read` gives it; {@link UNKNOWN} for one that is. */
function valueAt(resource: Resource, path: string): unknown {
  try {
    return read(resource, path);
  } catch (error) {
    if (error instanceof NotKnown) return UNKNOWN;
    throw error;
  }
}
