import { REST_API } from "../../model/awsTypes";
import { documentOf, record, type Document, type Operation } from "../../model/openApi";
import { isRecord, readFlag, readText } from "../../model/read";
import { rule } from "../rule";

const METHOD = "aws:apigateway/method:Method";
const ROUTE = "aws:apigatewayv2/route:Route";

export const authorised = rule({
  name: "apigateway-authorised",
  group: "API Gateway",
  ids: ["NAG-APIG4", "CKV_AWS_59", "CKV2_AWS_70", "CFN-W59"],
  level: "mandatory",
  title: "Every method but OPTIONS authorises its callers",
  reason: "Anyone on the internet could call it; an API key counts requests, it does not authorise them.",
  remedy: "Use IAM, a Cognito user pool or an authorizer.",
  types: [REST_API, METHOD, ROUTE],
  reads: "resource",
  *check(resource) {
    const allowed = "AWS_IAM, a user pool or an authorizer";
    if (resource.type === REST_API) {
      const document = documentOf(resource);
      for (const operation of document?.operations ?? []) {
        const value = weakSecurity(operation, document?.root ?? {});
        if (value !== undefined) yield { property: `${operation.title}: security`, value, allowed };
      }
      return;
    }
    const isMethod = resource.type === METHOD;
    const isOptions = isMethod
      ? readText(resource, "httpMethod") === "OPTIONS"
      : (readText(resource, "routeKey") ?? "").startsWith("OPTIONS ");
    const property = isMethod ? "authorization" : "authorizationType";
    const value = readText(resource, property);
    if (isOptions || (value !== undefined && value !== "NONE")) return;
    const withKey = readFlag(resource, "apiKeyRequired") ? " with an API key" : "";
    yield { property, value: `${value ?? "NONE"}${withKey}`, allowed };
  },
});

/** The lack in the security of an operation. @returns undefined where each alternative authorises the caller */
function weakSecurity({ method, content }: Operation, root: Document["root"]): string | undefined {
  if (method === "options") return undefined;
  const security = content.security ?? root.security;
  if (!Array.isArray(security) || security.length === 0) return "none";
  const schemes = record(record(root.components).securitySchemes ?? root.securityDefinitions);
  const alternatives: unknown[] = security;
  for (const alternative of alternatives) {
    const names = Object.keys(record(alternative));
    if (!names.some((name) => isAuthorising(schemes[name])))
      return names.length === 0 ? "none" : `${names.join(", ")}: an API key alone`;
  }
  return undefined;
}

/** A scheme that API Gateway checks: by signature, user pool or authorizer. Any other API key is only counted. */
const isAuthorising = (scheme: unknown): boolean =>
  isRecord(scheme) && ("x-amazon-apigateway-authtype" in scheme || "x-amazon-apigateway-authorizer" in scheme);

export const ownSecurity = rule({
  name: "apigateway-own-security",
  group: "API Gateway",
  ids: [],
  level: "mandatory",
  title: "Every operation of an OpenAPI body has its own security",
  reason: "API Gateway does not use the security of the root, and leaves the operation open.",
  remedy: "Write security into each operation; an empty list where it is meant to be open.",
  types: [REST_API],
  reads: "resource",
  *check(api) {
    for (const { title, method, content } of documentOf(api)?.operations ?? [])
      if (method !== "options" && !Array.isArray(content.security))
        yield { property: `${title}: security`, allowed: "a list of its own" };
  },
});

export const requestValidator = rule({
  name: "apigateway-request-validator",
  group: "API Gateway",
  ids: ["NAG-APIG2", "CKV2_AWS_53"],
  level: "mandatory",
  title: "Every method validates its requests",
  reason: "Requests without what they need would reach, and cost, the integration.",
  remedy: "Name a validator of the document by x-amazon-apigateway-request-validator, or set requestValidatorId.",
  types: [REST_API, METHOD],
  reads: "resource",
  *check(resource) {
    if (resource.type === METHOD) {
      const isOptions = readText(resource, "httpMethod") === "OPTIONS";
      if (!isOptions && readText(resource, "requestValidatorId") === undefined)
        yield { property: "requestValidatorId", allowed: "a request validator" };
      return;
    }
    const document = documentOf(resource);
    const validators = record(document?.root["x-amazon-apigateway-request-validators"]);
    for (const { title, method, content } of document?.operations ?? []) {
      const value = content[VALIDATOR] ?? document?.root[VALIDATOR];
      const isThere = typeof value === "string" && Object.values(record(validators[value])).includes(true);
      if (method !== "options" && !isThere)
        yield {
          property: `${title}: ${VALIDATOR}`,
          value,
          allowed: "a validator of the document that validates something",
        };
    }
  },
});
const VALIDATOR = "x-amazon-apigateway-request-validator";
