import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import type { AwsRequest, WireService } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { Place } from "../place";
import type { ApiDefinition, Method } from "./document";
import type { JsonObject } from "./documentReader";
import { stableId } from "./stableId";

interface ControlOptions {
  iam: Iam;
  place: Place;
  /** An API's document and what was read from it. @throws AwsError NotFoundException */
  api: (id: string) => { body: string; definition: ApiDefinition };
}

/** API Gateway's own API, as far as GetResources goes (API_GetResources.html). */
export function createControl({ iam, place, api }: ControlOptions): WireService {
  const answer = ({ method, path, query, principal }: AwsRequest): object => {
    const [, id] = /^\/restapis\/([^/]+)\/resources$/.exec(path) ?? [];
    if (id === undefined || method !== "GET") throw notImplemented(`apigateway: ${method} ${path}`);
    iam.authorize({ principal, action: "apigateway:GET", resource: `arn:aws:apigateway:${place.region}::${path}` });
    return { item: resourcesOf(id, api(id), query.getAll("embed").includes("methods")) };
  };
  return {
    handle: (request) => {
      try {
        const body = JSON.stringify(answer(request));
        return Promise.resolve({ status: 200, headers: { "content-type": "application/json" }, body });
      } catch (error) {
        if (error instanceof AwsError) return Promise.resolve(errorResponse("apigateway", error, request.requestId));
        throw error;
      }
    },
  };
}

/** A resource for each path of the document, and for each path above one. */
function resourcesOf(id: string, { body, definition }: ReturnType<ControlOptions["api"]>, embed: boolean): object[] {
  const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, JsonObject>> };
  const all = new Set(["/", ...definition.methods.flatMap(({ resourcePath }) => pathsTo(resourcePath))]);
  return [...all].sort().map((path) => {
    const end = path.lastIndexOf("/");
    const methods = definition.methods
      .filter(({ resourcePath }) => resourcePath === path)
      .map((method) => [method.httpMethod, embed ? described(method, paths[path] ?? {}) : {}]);
    return {
      id: stableId(`${id}${path}`),
      path,
      ...(path !== "/" && { parentId: stableId(`${id}${path.slice(0, end) || "/"}`), pathPart: path.slice(end + 1) }),
      ...(methods.length > 0 && { resourceMethods: Object.fromEntries(methods) as object }),
    };
  });
}

/** `/a/b`: `/a` and `/a/b`. */
function pathsTo(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

function described({ httpMethod, authorization }: Method, item: Record<string, JsonObject>): object {
  const operation = item[httpMethod === "ANY" ? "x-amazon-apigateway-any-method" : httpMethod.toLowerCase()];
  const { type, passthroughBehavior, responses, ...integration } = operation?.["x-amazon-apigateway-integration"] as {
    type: string;
    passthroughBehavior?: string;
    responses?: Record<string, JsonObject>;
  };
  return {
    httpMethod,
    authorizationType: authorization.type === "COGNITO" ? "COGNITO_USER_POOLS" : authorization.type,
    apiKeyRequired: false,
    methodIntegration: {
      timeoutInMillis: 29_000,
      ...integration,
      type: type.toUpperCase(),
      passthroughBehavior: (passthroughBehavior ?? "when_no_match").toUpperCase(),
      ...(responses && { integrationResponses: byStatus(responses) }),
    },
  };
}

/** The default has no pattern. */
function byStatus(responses: Record<string, JsonObject>): object {
  const entries = Object.entries(responses).map(([pattern, response]) => [
    String(response.statusCode),
    { ...response, ...(pattern !== "default" && { selectionPattern: pattern }) },
  ]);
  return Object.fromEntries(entries) as object;
}
