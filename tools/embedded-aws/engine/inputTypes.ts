import type { Inputs } from "../resourceType";
import { assetKind, isRecord, UNKNOWN } from "./values";

/**
 * The type of a property, as text, so that the committed table stays readable: `string`, `number`, `boolean`, `asset`,
 * `archive`, `any`, `[T]` a list, `{T}` a map, `@name` an object of the table, `A|B` either.
 */
type TypeText = string;

/** The properties of an object: name to type; a trailing `?` on the name marks an optional one. */
export type Properties = Record<string, TypeText>;

/** The input properties of the resource types that programs here use, as the installed @pulumi/aws declares them. */
export interface Schema {
  /** The package and version that the table was made from. */
  source: string;
  /** By resource type token. */
  resources: Record<string, Properties>;
  /** Nested object types, by the name that `@name` refers to. */
  objects: Record<string, Properties>;
}

/** One reason why AWS's provider would refuse an input. */
export interface Problem {
  /** Where: `queues[0].queueArn`. */
  path: string;
  reason: string;
}

const basic: Record<string, (value: unknown) => boolean> = {
  any: () => true,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  asset: (value) => assetKind(value) === "asset",
  archive: (value) => assetKind(value) === "archive",
};

/** Every property of `inputs` that the schema does not know, that has the wrong type, or that is missing. */
export function problemsOf(schema: Schema, type: string, inputs: Inputs): Problem[] {
  const properties = schema.resources[type];
  if (!properties) return [{ path: "", reason: `type ${type} is not in the schema table` }];
  return checkObject(schema, properties, inputs, "");
}

function checkObject(schema: Schema, properties: Properties, value: Inputs, path: string): Problem[] {
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const problems: Problem[] = [];
  for (const [name, item] of Object.entries(value)) {
    if (name.startsWith("__") || item === null || item === undefined) continue;
    const type = properties[name] ?? properties[`${name}?`];
    if (type === undefined) problems.push(unknownProperty(properties, name, at(name)));
    else problems.push(...checkValue(schema, type, item, at(name)));
  }
  for (const name of Object.keys(properties)) {
    if (!name.endsWith("?") && (value[name] ?? undefined) === undefined)
      problems.push({ path: at(name), reason: "is required and missing" });
  }
  return problems;
}

function unknownProperty(properties: Properties, name: string, path: string): Problem {
  const known = Object.keys(properties).map((key) => key.replace("?", ""));
  const near = known.filter((key) => key.toLowerCase().startsWith(name.slice(0, 3).toLowerCase()));
  const allowed = near.length > 0 ? `did you mean ${near.join(", ")}?` : `allowed: ${known.join(", ")}`;
  return { path, reason: `is not a property that AWS's provider knows; ${allowed}` };
}

function checkValue(schema: Schema, type: TypeText, value: unknown, path: string): Problem[] {
  if (value === UNKNOWN) return [];
  const choices = splitChoices(type);
  if (choices.length > 1) {
    const answers = choices.map((choice) => checkValue(schema, choice, value, path));
    return answers.find((problems) => problems.length === 0) ?? [wrongType(type, value, path)];
  }
  if (type.startsWith("[")) {
    if (!Array.isArray(value)) return [wrongType(type, value, path)];
    return value.flatMap((item, index) => checkValue(schema, type.slice(1, -1), item, `${path}[${String(index)}]`));
  }
  if (type.startsWith("{")) {
    if (!isRecord(value) || assetKind(value)) return [wrongType(type, value, path)];
    return Object.entries(value).flatMap(([key, item]) =>
      checkValue(schema, type.slice(1, -1), item, `${path}[${JSON.stringify(key)}]`),
    );
  }
  if (type.startsWith("@")) {
    const properties = schema.objects[type.slice(1)];
    if (!properties) throw new Error(`the schema table has no object type ${type}; make it again`);
    return isRecord(value) ? checkObject(schema, properties, value, path) : [wrongType(type, value, path)];
  }
  return basic[type]?.(value) ? [] : [wrongType(type, value, path)];
}

/** The alternatives of `A|B` outside any brackets. */
function splitChoices(type: TypeText): string[] {
  let depth = 0;
  const choices = [""];
  for (const character of type) {
    if (character === "[" || character === "{") depth++;
    if (character === "]" || character === "}") depth--;
    if (character === "|" && depth === 0) choices.push("");
    else choices.push(`${choices.pop() ?? ""}${character}`);
  }
  return choices;
}

function wrongType(type: TypeText, value: unknown, path: string): Problem {
  const shown = JSON.stringify(value);
  const short = shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
  return { path, reason: `must be ${wordsFor(type)}, not ${nameOf(value)} ${short}` };
}

function wordsFor(type: TypeText): string {
  return splitChoices(type)
    .map((choice) => {
      if (choice.startsWith("[")) return `a list of ${wordsFor(choice.slice(1, -1))}`;
      if (choice.startsWith("{")) return `a map of ${wordsFor(choice.slice(1, -1))}`;
      return choice.startsWith("@") ? `an object (${choice.slice(1)})` : choice;
    })
    .join(" or ");
}

function nameOf(value: unknown): string {
  return assetKind(value) ?? (Array.isArray(value) ? "list" : typeof value);
}
