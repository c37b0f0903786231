import { notImplemented } from "../http/awsError";

/** The values that a template can use. */
export interface TemplateInput {
  /** `context.requestId`, `context.error.messageString`, … ; undefined is written as nothing. */
  context: (name: string) => string | undefined;
  stageVariable?: (name: string) => string | undefined;
  /** The body that `$input` reads. */
  body?: string;
}
export type Template = (input: TemplateInput) => string;

const reference = /\$!?(\{?)([A-Za-z][\w.]*)(\(\s*(?:'([^']*)'|"([^"]*)")?\s*\))?(\}?)/g;
const directive = /#(?:set|if|elseif|else|end|foreach|macro|parse|include|stop|break|define|evaluate)\b|##|#\*/;

/**
 * A mapping template of the plain kind: text with `$context.…`, `$stageVariables.…`, `$input.body`,
 * `$input.path('$.a.b')` and `$input.json('$.a.b')`. Anything else of the Velocity Template Language is refused by name
 * when the API is deployed, so that no template ever does less than it says.
 * @param where the template's place in the document, for the error
 */
export function parseTemplate(text: string, where: string): Template {
  const used = directive.exec(text);
  if (used) throw notImplemented(`${used[0]} in the mapping template of ${where}`);
  const parts: Template[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    const literal = text.slice(end, match.index);
    parts.push(() => literal, resolve(match, where));
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  parts.push(() => rest);
  return (input) => parts.map((part) => part(input)).join("");
}

function resolve(match: RegExpMatchArray, where: string): Template {
  const [whole, opening, name = "", call, single, double] = match;
  const argument = single ?? double;
  if (opening === "{" && match[6] !== "}") throw notImplemented(`${whole} in the mapping template of ${where}`);
  const after = opening === "" ? (match[6] ?? "") : "";
  if (name === "input.body" && call === undefined) return ({ body }) => (body ?? "") + after;
  if ((name === "input.path" || name === "input.json") && argument?.startsWith("$")) {
    return ({ body }) => written(atPath(body, argument), name === "input.json") + after;
  }
  if (call === undefined && name.startsWith("context.")) {
    return ({ context }) => (context(name.slice("context.".length)) ?? "") + after;
  }
  if (call === undefined && name.startsWith("stageVariables.")) {
    return ({ stageVariable }) => (stageVariable?.(name.slice("stageVariables.".length)) ?? "") + after;
  }
  throw notImplemented(`${whole} in the mapping template of ${where}`);
}

/** The value at a JSONPath of plain steps: `$.a.b[0]`. */
function atPath(body: string | undefined, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body === undefined || body === "" ? "{}" : body);
  } catch {
    return undefined;
  }
  for (const [, name, index] of path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]/g)) {
    const key = name ?? index ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function written(value: unknown, asJson: boolean): string {
  if (value === undefined) return "";
  return typeof value === "string" && !asJson ? value : JSON.stringify(value);
}
