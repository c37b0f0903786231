import { UNKNOWN, type Resource } from "../model/resource";

/** A stack that a rule accepts, and the smallest changes that it refuses. */
export interface Fixture {
  good: readonly Resource[];
  /** By a description of the change. */
  bad: Readonly<Record<string, Change>>;
  /** Changes that the rule accepts as well, by their description. Default: none. */
  fine?: Readonly<Record<string, Change>>;
}

export interface Change {
  /** The changed stack. */
  to: (stack: readonly Resource[]) => Resource[];
  /** The stack with the changed input unknown, where the change is one of an input. */
  unknown?: (stack: readonly Resource[]) => Resource[];
}

/**
 * A resource of a fixture.
 * @param outputs by which others refer to it; default: its inputs
 */
export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown> = {},
  more: Partial<Resource> = {},
): Resource {
  return {
    type,
    name,
    urn: `urn:pulumi:test::fixtures::${type}::${name}`,
    inputs,
    protect: false,
    dependencies: [],
    propertyDependencies: {},
    ...more,
    outputs: { ...inputs, ...more.outputs },
  };
}

/** Gives an input another value. `undefined` takes it away. The path is that of `read`. */
export function set(name: string, path: string, value: unknown): Change {
  const to = (stack: readonly Resource[], changed: unknown) =>
    edit(stack, name, (old) => ({
      ...old,
      inputs: changedAt(old.inputs, path.split("."), changed) as Resource["inputs"],
    }));
  return { to: (stack) => to(stack, value), unknown: (stack) => to(stack, UNKNOWN) };
}

/** Gives a resource other options: `protect`, `dependencies`. */
export function options(name: string, changed: Partial<Resource>): Change {
  return { to: (stack) => edit(stack, name, (old) => ({ ...old, ...changed })) };
}

/** Takes a resource away. */
export function without(name: string): Change {
  return { to: (stack) => edit(stack, name, () => undefined) };
}

/** Adds a resource. */
export function plus(...added: readonly Resource[]): Change {
  return { to: (stack) => [...stack, ...added] };
}

/** Several changes as one. */
export function both(...changes: readonly Change[]): Change {
  return { to: (stack) => changes.reduce<Resource[]>((changed, { to }) => to(changed), [...stack]) };
}

/** A policy as JSON text, from its statements. */
export const policy = (...statements: readonly unknown[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

function edit(stack: readonly Resource[], name: string, change: (old: Resource) => Resource | undefined): Resource[] {
  if (!stack.some((each) => each.name === name)) throw new Error(`the fixture has no resource ${name}`);
  return stack.flatMap((each) => (each.name === name ? (change(each) ?? []) : [each]));
}

function changedAt(value: unknown, [first, ...rest]: string[], to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value))
    return (value as unknown[]).map((item, at) => (String(at) === first ? changedAt(item, rest, to) : item));
  const object = (value ?? {}) as Record<string, unknown>;
  return { ...object, [first]: changedAt(object[first], rest, to) };
}
