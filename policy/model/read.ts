import { NotKnown, UNKNOWN, type Resource } from "./resource";

/**
 * The declared value at a path of names with dots: `versioningConfiguration.status`. A number is a place in a list.
 * @returns undefined where nothing is set
 * @throws NotKnown when the value, or anything on the way to it, is unknown
 */
export function read(resource: Resource, path: string): unknown {
  let value: unknown = resource.inputs;
  for (const part of path.split(".")) {
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string, unknown>)[part] : undefined;
    if (value === UNKNOWN) throw new NotKnown(resource, path);
  }
  return value ?? undefined;
}

/** As {@link read}; numbers and switches become text. @returns undefined where it is not set, or empty */
export function readText(resource: Resource, path: string): string | undefined {
  const value = read(resource, path);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value) || undefined
    : undefined;
}

/** As {@link read}, for a number, also one written as text. @returns undefined where it is anything else */
export function readNumber(resource: Resource, path: string): number | undefined {
  const text = readText(resource, path);
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** As {@link read}, for a switch: only `true` is on. */
export function readFlag(resource: Resource, path: string): boolean {
  return readText(resource, path) === "true";
}

/** As {@link read}, for a list; one value without a list is a list of one. @throws NotKnown for an unknown member too */
export function readList(resource: Resource, path: string): unknown[] {
  const value = read(resource, path);
  const list: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (list.includes(UNKNOWN)) throw new NotKnown(resource, path);
  return list;
}

/** As {@link read}, for an object or its JSON text. @returns undefined where it is anything else */
export function readJson(resource: Resource, path: string): Record<string, unknown> | undefined {
  const value = read(resource, path);
  if (typeof value !== "string") return isRecord(value) ? value : undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A part of a resource's inputs as a resource of its own, so that the readers work in it: one rule, one statement. */
export function part(resource: Resource, path: string): Resource {
  const value = read(resource, path);
  const within = resource.within === undefined ? path : `${resource.within}.${path}`;
  return { ...resource, within, inputs: isRecord(value) ? value : {} };
}

/** The members of a list of objects, each as {@link part}. */
export function parts(resource: Resource, path: string): Resource[] {
  const value = read(resource, path);
  return readList(resource, path).map((_, at) => part(resource, Array.isArray(value) ? `${path}.${at}` : path));
}

/** Whether the program itself sets an input: @pulumi/aws lists those that it filled in under `__defaults`. */
export function isDeclared(resource: Resource, property: string): boolean {
  const { __defaults: filledIn } = resource.inputs;
  const value = resource.inputs[property];
  return value !== undefined && value !== null && !(Array.isArray(filledIn) && filledIn.includes(property));
}

/** Whether an object with properties by name. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
