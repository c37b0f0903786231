import { parse } from "yaml";
import { isRecord, read } from "./read";
import type { Resource } from "./resource";

/** An OpenAPI document, as a RestApi's `body` holds it. */
export interface Document {
  root: Record<string, unknown>;
  operations: Operation[];
}

export interface Operation {
  /** For messages: `body: GET /raw/{object}`. */
  title: string;
  /** Lower case; `x-amazon-apigateway-any-method` for any. */
  method: string;
  content: Record<string, unknown>;
  /** Its `x-amazon-apigateway-integration`; empty where it has none. */
  integration: Record<string, unknown>;
}

const methods = /^(get|put|post|delete|head|options|patch|trace|x-amazon-apigateway-any-method)$/;

/**
 * Reads the document of an API: JSON or YAML.
 * @returns undefined for an API without one
 * @throws NotKnown when it is unknown
 */
export function documentOf(api: Resource): Document | undefined {
  const body = read(api, "body");
  const root: unknown = typeof body === "string" ? parsed(body) : body;
  if (!isRecord(root)) return undefined;
  const operations = Object.entries(record(root.paths)).flatMap(([path, item]) =>
    Object.entries(record(item))
      .filter(([method]) => methods.test(method))
      .map(([method, content]) => ({
        title: `body: ${method === ANY ? "ANY" : method.toUpperCase()} ${path}`,
        method,
        content: record(content),
        integration: record(record(content)["x-amazon-apigateway-integration"]),
      })),
  );
  return { root, operations };
}
const ANY = "x-amazon-apigateway-any-method";

/** The value if it is an object, or an empty one. */
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseYaml(text);
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
