import { REST_API } from "../../model/awsTypes";
import { documentOf, record, type Operation } from "../../model/openApi";
import type { Graph } from "../../model/graph";
import { part, read, readList, readText } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule, type Problem } from "../rule";

const INTEGRATION = "aws:apigateway/integration:Integration";
const RESPONSE = "aws:apigateway/integrationResponse:IntegrationResponse";

/** Answers of S3 that must not reach a client as a success. */
const failures = ["400", "403", "404", "412", "500", "503"];

/** One integration with S3, of an OpenAPI body or a resource of its own. */
interface S3Integration {
  /** For messages. */
  title: string;
  /** Bucket and key of its URI. */
  path: string;
  requestParameters: Record<string, unknown>;
  /** Status codes of the answers, by the pattern of S3's status; `default` for all others. */
  answers: Record<string, unknown>;
}

export const s3Integration = rule({
  name: "apigateway-s3-integration",
  group: "API Gateway",
  ids: [],
  level: "mandatory",
  title: "An integration with S3 passes bytes unchanged, reports failures, and writes only to its place",
  reason:
    "API Gateway answers 200 with S3's error inside, decodes bytes as text, and lets a client choose what is mapped from its request.",
  remedy:
    "Declare binary media types, map 4xx and 5xx, write bucket and prefix into the URI, and map no header of ACLs or grants from the request.",
  types: [REST_API, INTEGRATION],
  reads: "graph",
  *check(resource, graph) {
    const isBody = resource.type === REST_API;
    const api = isBody ? resource : graph.target(resource, "restApi", REST_API);
    const document = api && documentOf(api);
    const integrations = isBody ? (document?.operations ?? []).flatMap(ofOperation) : ofResource(graph, resource);
    if (integrations.length === 0) return;
    const binary = document?.root["x-amazon-apigateway-binary-media-types"];
    const types = [...(Array.isArray(binary) ? (binary as unknown[]) : []), ...(api ? readList(api, BINARY) : [])];
    if (types.length === 0 && api) yield { property: BINARY, allowed: "the types of the content, or */*", on: api };
    for (const integration of integrations) yield* problemsOf(integration);
  },
});
const BINARY = "binaryMediaTypes";

/** Bucket and key of the URI `arn:…:s3:path/bucket/key`; undefined for another integration. */
export const pathOf = ({ uri }: Record<string, unknown>): string | undefined =>
  typeof uri === "string" ? /^arn:[^:]+:apigateway:[^:]*:s3:path\/(.*)$/.exec(uri)?.[1] : undefined;

function ofOperation({ title, integration }: Operation): S3Integration[] {
  const path = pathOf(integration);
  if (path === undefined) return [];
  const answers = Object.entries(record(integration.responses)).map(([pattern, response]): [string, unknown] => [
    pattern,
    record(response).statusCode,
  ]);
  const requestParameters = record(integration.requestParameters);
  return [{ title: `${title}: `, path, requestParameters, answers: Object.fromEntries(answers) }];
}

function ofResource(graph: Graph, integration: Resource): S3Integration[] {
  const path = pathOf({ uri: read(integration, "uri") });
  if (path === undefined) return [];
  const isOfSameMethod = (response: Resource) => isSame(integration, response, ["restApi", "resourceId", "httpMethod"]);
  const answers = graph
    .all(RESPONSE)
    .filter(isOfSameMethod)
    .map((response): [string, unknown] => [
      readText(response, "selectionPattern") ?? "default",
      readText(response, "statusCode"),
    ]);
  const requestParameters = part(integration, "requestParameters").inputs;
  return [{ title: "", path, requestParameters, answers: Object.fromEntries(answers) }];
}

function* problemsOf({ title, path, requestParameters, answers }: S3Integration): Iterable<Problem> {
  const [bucket = "", prefix = ""] = path.split("/");
  for (const [name, value] of Object.entries({ bucket, prefix }))
    if (value === "" || value.includes("{"))
      yield { property: `${title}uri: ${name}`, value: path, allowed: `a fixed ${name}` };
  for (const [to, from] of Object.entries(requestParameters))
    if (/^integration\.request\.header\.x-amz-(acl|grant-)/i.test(to) && !/^'.*'$/.test(String(from)))
      yield { property: `${title}${to}`, value: from, allowed: "nothing from the request" };
  for (const failure of failures) {
    const pattern = Object.keys(answers).find((each) => matches(each, failure)) ?? "default";
    const value = answers[pattern];
    if (!(Number(value) >= 400))
      yield { property: `${title}integration response for ${failure}`, value, allowed: "an answer of 400 or above" };
  }
}

function matches(pattern: string, status: string): boolean {
  if (pattern === "default") return false;
  try {
    return new RegExp(`^(?:${pattern})$`).test(status);
  } catch {
    return false;
  }
}

export const oneResponseEach = rule({
  name: "apigateway-one-response-each",
  group: "API Gateway",
  ids: [],
  level: "mandatory",
  title: "No two integration responses of an operation answer with the same status code",
  reason: "API Gateway keeps one response for each status code: the other one is lost.",
  remedy: "Give each pattern a status code of its own, or join the patterns.",
  types: [REST_API, RESPONSE],
  reads: "graph",
  *check(resource, graph) {
    if (resource.type === RESPONSE) {
      const twins = graph
        .all(RESPONSE)
        .filter((other) => isSame(resource, other, ["restApi", "resourceId", "httpMethod", "statusCode"]));
      if (twins.length > 1)
        yield {
          property: "statusCode",
          value: read(resource, "statusCode"),
          allowed: "one integration response for it",
        };
      return;
    }
    for (const { title, integration } of documentOf(resource)?.operations ?? []) {
      const codes = Object.values(record(integration.responses)).map((response) => String(record(response).statusCode));
      for (const value of new Set(codes.filter((code, at) => codes.indexOf(code) !== at)))
        yield { property: `${title}: integration responses: statusCode`, value, allowed: "one response for it" };
    }
  },
});

/** Whether two resources have the same values of some properties. */
const isSame = (one: Resource, other: Resource, properties: readonly string[]): boolean =>
  properties.every(
    (property) =>
      one.inputs[property] === other.inputs[property] &&
      // Two unknown values are the same if they come from the same resource.
      String(one.propertyDependencies[property]) === String(other.propertyDependencies[property]),
  );
