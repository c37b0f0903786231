import type { JsonObject } from "./openapiParts";

const ALLOW_ORIGIN = "Access-Control-Allow-Origin";
const HEADERS = [ALLOW_ORIGIN, "Access-Control-Expose-Headers"];
const text = { schema: { type: "string" } };

/** The operation that answers a browser's preflight request. A browser sends it without credentials. */
export const preflightOperation = (integration: JsonObject, parameters: JsonObject[]): JsonObject => ({
  security: [],
  parameters,
  summary: "Tells a browser whether a page may send a request",
  responses: { "204": { description: "The answer is in the headers" } },
  "x-amazon-apigateway-integration": integration,
});

/**
 * An operation of a service integration whose answers pages may read. API Gateway passes the page's origin to S3, which
 * answers as the bucket's own rules say.
 */
export function readableByPages(operation: JsonObject): JsonObject {
  const integration = operation["x-amazon-apigateway-integration"] as JsonObject & { responses: JsonObject };
  return {
    ...operation,
    parameters: [...(operation.parameters as JsonObject[]), { name: "Origin", in: "header", ...text }],
    responses: mapValues(operation.responses as JsonObject, (response) => ({
      ...response,
      headers: { ...(response.headers as JsonObject), ...Object.fromEntries(HEADERS.map((name) => [name, text])) },
    })),
    "x-amazon-apigateway-integration": {
      ...integration,
      requestParameters: {
        ...(integration.requestParameters as JsonObject),
        "integration.request.header.Origin": "method.request.header.Origin",
      },
      responses: mapValues(integration.responses, (response) => ({
        ...response,
        responseParameters: {
          ...(response.responseParameters as JsonObject),
          ...Object.fromEntries(
            HEADERS.map((name) => [`method.response.header.${name}`, `integration.response.header.${name}`]),
          ),
        },
      })),
    },
  };
}

/** API Gateway's own errors for every page: they hold nothing of an image. */
export const readableByAll = (gatewayResponses: JsonObject): JsonObject =>
  mapValues(gatewayResponses, (response) => ({
    ...response,
    responseParameters: { [`gatewayresponse.header.${ALLOW_ORIGIN}`]: "'*'" },
  }));

const mapValues = (object: JsonObject, change: (value: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value as JsonObject)]));
