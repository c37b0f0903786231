import { AwsError, notImplemented } from "../http/awsError";
import type { PolicyDocument } from "../iam/policyDocument";
import { DocumentReader, invalid, type JsonObject } from "./documentReader";
import { parseGatewayResponses, type GatewayResponses } from "./gatewayResponses";
import { parseIntegration, type Integration } from "./integration";

/** A REST API, as its OpenAPI document describes it. */
export interface ApiDefinition {
  binaryMediaTypes: string[];
  methods: Method[];
  gatewayResponses: GatewayResponses;
  policy?: PolicyDocument;
}

/** One method of one resource. */
export interface Method {
  /** `GET`, …; `ANY` serves every method without its own entry. */
  httpMethod: string;
  /** `/items/{id}` */
  resourcePath: string;
  authorization: Authorization;
  /** Names of parameters whose absence is answered with 400. */
  required: { in: "header" | "querystring" | "path"; name: string }[];
  integration: Integration;
}

export type Authorization = { type: "NONE" } | { type: "AWS_IAM" } | { type: "COGNITO"; providerArns: string[] };

const httpMethods = ["get", "put", "post", "delete", "options", "head", "patch"];
const anyMethod = "x-amazon-apigateway-any-method";

/**
 * Reads an OpenAPI 3.0 document with API Gateway's extensions.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 * @throws AwsError 501 for what is not implemented and 400 for what is wrong, each with its place in the document
 */
export function parseDocument(body: string): ApiDefinition {
  const root = new DocumentReader(parseJson(body), "the API's body");
  if (!(root.text("openapi") ?? "").startsWith("3.0.")) throw invalid("openapi", root.value.openapi, "a version 3.0");
  root.allowExtensions([
    "x-amazon-apigateway-binary-media-types",
    "x-amazon-apigateway-request-validators",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-gateway-responses",
    "x-amazon-apigateway-policy",
  ]);
  const validators = root.child("x-amazon-apigateway-request-validators");
  const components = root.child("components");
  const context: MethodContext = {
    validatesParameters: (name) => validatesParameters(validators, name),
    defaultValidator: root.text("x-amazon-apigateway-request-validator"),
    schemes: components.child("securitySchemes"),
    parameters: components.child("parameters").value,
  };
  const methods: Method[] = [];
  for (const [resourcePath, item] of root.child("paths").children()) {
    if (!resourcePath.startsWith("/")) continue;
    const pathMethods = item.children().filter(([name]) => httpMethods.includes(name) || name === anyMethod);
    item.allowExtensions([anyMethod]);
    for (const [name, operation] of pathMethods)
      methods.push(parseMethod(resourcePath, name, operation, item.value.parameters, context));
  }
  if (methods.length === 0) throw invalid("paths", root.value.paths, "at least one method");
  const policy = root.value["x-amazon-apigateway-policy"] as PolicyDocument | undefined;
  return {
    binaryMediaTypes: root.texts("x-amazon-apigateway-binary-media-types"),
    methods,
    gatewayResponses: parseGatewayResponses(root.child("x-amazon-apigateway-gateway-responses")),
    ...(policy === undefined ? {} : { policy }),
  };
}

type SecurityRequirement = Record<string, string[]>;
interface MethodContext {
  validatesParameters: (validator: string) => boolean;
  defaultValidator: string | undefined;
  schemes: DocumentReader;
  parameters: JsonObject;
}
interface Parameter {
  name: string;
  in: "header" | "query" | "path";
  required?: boolean;
}

function parseMethod(
  resourcePath: string,
  name: string,
  operation: DocumentReader,
  pathParameters: unknown,
  context: MethodContext,
): Method {
  operation.allowExtensions([
    "x-amazon-apigateway-integration",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-auth",
  ]);
  const httpMethod = name === anyMethod ? "ANY" : name.toUpperCase();
  const parameters = [pathParameters, operation.value.parameters].flatMap((list) =>
    ((list as JsonObject[] | undefined) ?? []).map((parameter) => dereference(parameter, context.parameters)),
  );
  const declared = parameters.map(({ in: place, name: parameter }) => `${location(place)}.${parameter}`);
  declared.push(...[...resourcePath.matchAll(/\{([^}+]+)\+?\}/g)].map(([, parameter]) => `path.${parameter ?? ""}`));
  const validator = operation.text("x-amazon-apigateway-request-validator") ?? context.defaultValidator;
  const checks = validator !== undefined && context.validatesParameters(validator);
  if (operation.value["x-amazon-apigateway-integration"] === undefined)
    throw invalid(`${operation.where}.x-amazon-apigateway-integration`, undefined, "an integration for each method");
  return {
    httpMethod,
    resourcePath,
    authorization: authorizationOf(operation, context),
    required: checks
      ? parameters
          .filter(({ required }) => required === true)
          .map(({ in: place, name: parameter }) => ({ in: location(place), name: parameter }))
      : [],
    integration: parseIntegration(operation.child("x-amazon-apigateway-integration"), {
      declaredParameters: declared,
      responses: operation.child("responses"),
    }),
  };
}

const location = (place: Parameter["in"]): "header" | "querystring" | "path" =>
  place === "query" ? "querystring" : place;

function dereference(parameter: JsonObject, known: JsonObject): Parameter {
  const target = parameter.$ref;
  if (typeof target !== "string") return parameter as unknown as Parameter;
  const found = known[target.replace("#/components/parameters/", "")];
  if (found === undefined) throw invalid("$ref", target, "a parameter of components.parameters");
  return found as Parameter;
}

function validatesParameters(validators: DocumentReader, name: string): boolean {
  const validator = validators.child(name);
  if (validator.value.validateRequestBody === true)
    throw notImplemented(`validateRequestBody of the request validator ${name}`);
  return validator.value.validateRequestParameters === true;
}

/**
 * Of the operation alone: API Gateway does not use the security of the document's root.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
function authorizationOf(operation: DocumentReader, { schemes }: MethodContext): Authorization {
  const own = operation.value["x-amazon-apigateway-auth"] as { type?: string } | undefined;
  if (own?.type !== undefined) {
    if (own.type === "NONE") return { type: "NONE" };
    if (own.type === "AWS_IAM") return { type: "AWS_IAM" };
    throw notImplemented(`x-amazon-apigateway-auth of type ${own.type}`);
  }
  const required = (operation.value.security as SecurityRequirement[] | undefined) ?? [];
  const names = required.flatMap((requirement) => Object.keys(requirement));
  const [name, another] = names;
  if (name === undefined) return { type: "NONE" };
  if (another !== undefined) throw notImplemented(`more than one security requirement (${names.join(", ")})`);
  const scheme = schemes.child(name);
  scheme.allowExtensions(["x-amazon-apigateway-authtype", "x-amazon-apigateway-authorizer"]);
  const authorizer = scheme.child("x-amazon-apigateway-authorizer");
  if (scheme.text("x-amazon-apigateway-authtype") === "awsSigv4") return { type: "AWS_IAM" };
  if (authorizer.text("type") === "cognito_user_pools")
    return { type: "COGNITO", providerArns: authorizer.texts("providerARNs") };
  const kind = authorizer.text("type") ?? scheme.text("x-amazon-apigateway-authtype") ?? scheme.text("type") ?? "none";
  throw notImplemented(`the security scheme ${name} of type ${kind}`);
}

function parseJson(body: string): JsonObject {
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    throw new AwsError(400, "BadRequestException", "Invalid OpenAPI input.");
  }
}
