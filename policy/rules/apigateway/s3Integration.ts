import { REST_API } from "../../model/awsTypes";
import { documentOf, record, type Operation } from "../../model/openApi";
import { readList } from "../../model/read";
import type { Resource } from "../../model/resource";
import { rule, type Problem } from "../rule";

/** Answers of S3 that must not reach a client as a success. */
const failures = ["400", "403", "404", "412", "500", "503"];

export const s3Integration = rule({
  name: "apigateway-s3-integration",
  group: "API Gateway",
  ids: [],
  level: "mandatory",
  title: "An integration with S3 passes bytes unchanged, tells failures, and writes only to its place",
  reason:
    "API Gateway answers 200 with S3's error inside, decodes bytes as text, and lets a client choose what is mapped from its request.",
  remedy:
    "Declare binary media types, map 4xx and 5xx, write bucket and prefix into the URI, and map no header of ACLs or grants from the request.",
  types: [REST_API],
  reads: "resource",
  *check(api) {
    const document = documentOf(api);
    const operations = (document?.operations ?? []).filter(({ integration }) => pathOf(integration) !== undefined);
    const binary = document?.root["x-amazon-apigateway-binary-media-types"] ?? [];
    const types = [...(Array.isArray(binary) ? (binary as unknown[]) : []), ...readList(api, "binaryMediaTypes")];
    if (operations.length > 0 && types.length === 0)
      yield { property: "body: x-amazon-apigateway-binary-media-types", allowed: "the types of the content, or */*" };
    for (const operation of operations) yield* problemsOf(operation);
  },
});

/** Bucket and key of the URI `arn:…:s3:path/bucket/key`; undefined for another integration. */
export function pathOf({ uri }: Operation["integration"]): string | undefined {
  return typeof uri === "string" ? /^arn:[^:]+:apigateway:[^:]*:s3:path\/(.*)$/.exec(uri)?.[1] : undefined;
}

function* problemsOf({ title, integration }: Operation): Iterable<Problem> {
  const path = pathOf(integration) ?? "";
  const [bucket = "", prefix = ""] = path.split("/");
  for (const [part, value] of Object.entries({ bucket, prefix }))
    if (value === "" || value.includes("{"))
      yield { property: `${title}: uri: ${part}`, value: path, allowed: `a fixed ${part}` };
  for (const [to, from] of Object.entries(record(integration.requestParameters)))
    if (/^integration\.request\.header\.x-amz-(acl|grant-)/i.test(to) && !/^'.*'$/.test(String(from)))
      yield { property: `${title}: ${to}`, value: from, allowed: "nothing from the request" };
  const responses = record(integration.responses);
  for (const failure of failures) {
    const answered = Object.entries(responses).find(([pattern]) => matches(pattern, failure))?.[1] ?? responses.default;
    const value = record(answered).statusCode;
    if (!(Number(value) >= 400))
      yield { property: `${title}: integration response for ${failure}`, value, allowed: "an answer of 400 or above" };
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

const RESPONSE = "aws:apigateway/integrationResponse:IntegrationResponse";

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
      const twins = graph.all(RESPONSE).filter((other) => isTwin(resource, other));
      if (twins.length > 1)
        yield { property: "statusCode", value: resource.inputs.statusCode, allowed: "one integration response for it" };
      return;
    }
    for (const { title, integration } of documentOf(resource)?.operations ?? []) {
      const codes = Object.values(record(integration.responses)).map((response) => String(record(response).statusCode));
      for (const value of new Set(codes.filter((code, at) => codes.indexOf(code) !== at)))
        yield { property: `${title}: integration responses: statusCode`, value, allowed: "one response for it" };
    }
  },
});

const identity = ["restApi", "resourceId", "httpMethod", "statusCode"];
const isTwin = (one: Resource, other: Resource): boolean =>
  identity.every(
    (property) =>
      one.inputs[property] === other.inputs[property] &&
      // Two unknown values are the same if they come from the same resource.
      String(one.propertyDependencies[property]) === String(other.propertyDependencies[property]),
  );
