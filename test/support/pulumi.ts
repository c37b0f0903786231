import { type GatheredResource, gatherFrom, type Place } from "../../tools/embedded-aws";
import { resourceTypes } from "../../tools/embedded-aws/engine";
import { withKnownBundles } from "./knownBundles";

export const place: Place = {
  accountId: "123456789012",
  region: "eu-west-1",
  partition: "aws",
  awsUrl: "https://aws.test",
  apiUrl: "https://api.test",
};

/** The resources that a program declared, by type and logical name. */
export class Stack {
  constructor(readonly resources: GatheredResource[]) {}

  /** All resources of a type, components too: `aws:sqs/queue:Queue` or its end, `Queue`. */
  all(type: string): GatheredResource[] {
    return this.resources.filter((resource) => resource.type === type || resource.type.endsWith(`:${type}`));
  }

  /** The one resource of a type and name. Anything but one is an error. */
  one(type: string, name?: string): GatheredResource {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    const [resource, ...more] = found;
    if (!resource || more.length > 0) {
      const there = this.all(type).map((other) => other.name);
      throw new Error(`expected one ${type} ${name ?? ""}, got ${found.length}; there are ${there.join(", ")}`);
    }
    return resource;
  }

  /** The inputs of the one resource, physical names written as logical ones and policies as objects. */
  inputs(type: string, name?: string): unknown {
    return this.legible(this.one(type, name).given);
  }

  /** The inline policies of a role as `{ policy name: statements }`. */
  policies(role: string): Record<string, unknown> {
    const physicalName = this.one("Role", role).state.name;
    const attached = this.all("RolePolicy").filter(({ given }) => given.role === physicalName);
    return Object.fromEntries(
      attached
        .map(({ given }): [string, unknown] => [String(given.name), statements(this.legible(given.policy))])
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  }

  /** Names of the resources that a resource waits for. */
  dependencies(type: string, name?: string): string[] {
    return this.one(type, name).dependencies.map((urn) => urn.split("::").at(-1) ?? "");
  }

  /** Type and name of a resource's ancestors, the nearest first, without the stack itself. */
  ancestors(resource: GatheredResource): string[] {
    const parent = this.resources.find(({ urn }) => urn === resource.parent);
    if (!parent || parent.type === "pulumi:pulumi:Stack") return [];
    return [`${parent.type.split(":").at(-1) ?? ""} ${parent.name}`, ...this.ancestors(parent)];
  }

  /** Physical names that were filled in become logical names, and JSON text becomes what it says. */
  legible(value: unknown): unknown {
    if (typeof value === "string") return parsed(this.named(value), (inner) => this.legible(inner));
    if (Array.isArray(value)) return value.map((item) => this.legible(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.legible(item)]));
  }

  private named(text: string): string {
    let result = text;
    for (const { type, name, given, inputs } of this.resources) {
      const property = resourceTypes[type]?.autoname?.property;
      if (property === undefined || given[property] !== undefined) continue;
      result = result.replaceAll(String(inputs[property]), name);
    }
    return result;
  }
}

function parsed(text: string, then: (value: unknown) => unknown): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return then(JSON.parse(text));
  } catch {
    return text;
  }
}

function statements(policy: unknown): unknown {
  return (policy as { Statement: unknown }).Statement;
}

/** Runs `program` and tells what it declared. */
export async function declare(program: () => unknown, { stack = "test" } = {}): Promise<Stack> {
  const run = async () => {
    await program();
  };
  const { resources } = await withKnownBundles(() =>
    gatherFrom(run, { project: "snail-images", stack, config: {}, place }),
  );
  return new Stack(resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"));
}
