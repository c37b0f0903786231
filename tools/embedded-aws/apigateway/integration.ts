import { AwsError, notImplemented } from "../http/awsError";
import { invalid, type DocumentReader } from "./documentReader";
import { mediaType, type ContentHandling } from "./payload";
import { parseTemplate, type Template } from "./templates";

export type Integration = ServiceIntegration | LambdaProxyIntegration | MockIntegration;

interface Transforming {
  requestTemplates: Map<string, Template>;
  passthroughBehavior: "when_no_match" | "when_no_templates" | "never";
  contentHandling?: ContentHandling;
  responses: IntegrationResponse[];
  timeoutMs: number;
}
export interface ServiceIntegration extends Transforming {
  type: "aws";
  /** `s3` */
  service: string;
  /** `<bucket>/items/{id}` */
  path: string;
  httpMethod: string;
  credentials: string;
  parameters: ParameterMapping[];
}
export interface MockIntegration extends Transforming {
  type: "mock";
}
export interface LambdaProxyIntegration {
  type: "aws_proxy";
  functionArn: string;
  timeoutMs: number;
}

/** `integration.request.<to>.<name>` gets the value of `from`. */
interface ParameterMapping {
  to: "path" | "querystring" | "header";
  name: string;
  from: ValueSource;
}
export type ValueSource =
  | { kind: "literal"; value: string }
  | { kind: "path" | "querystring" | "header" | "context" | "stageVariables"; name: string };

/** The response for statuses of the integration. */
export interface IntegrationResponse {
  /** Matches the whole status; undefined is the default. */
  pattern?: RegExp;
  statusCode: number;
  /** Header of the answer, from a header of the integration's response, a literal or a context variable. */
  headers: { name: string; from: ValueSource }[];
  templates: Map<string, Template>;
  contentHandling?: ContentHandling;
}

interface MethodDeclaration {
  /** `path.object`, `header.X`, … */
  declaredParameters: string[];
  responses: DocumentReader;
}

const serviceUri = /^arn:aws:apigateway:[\w-]+:([\w-]+):path\/(.*)$/;
const functionUri = /^arn:aws:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;
/** The quota "Integration timeout for Regional APIs" as it is without a raise. */
const longestTimeoutMs = 29_000;

export function parseIntegration(reader: DocumentReader, method: MethodDeclaration): Integration {
  const type = reader.text("type")?.toLowerCase();
  const timeoutMs = reader.number("timeoutInMillis") ?? longestTimeoutMs;
  if (timeoutMs < 50 || timeoutMs > longestTimeoutMs)
    throw invalid(`${reader.where}.timeoutInMillis`, timeoutMs, `50 to ${longestTimeoutMs}`);
  switch (type) {
    case "aws_proxy":
      // `responses` and `passthroughBehavior` mean nothing to a proxy integration, as on AWS.
      reader.allow(["type", "uri", "httpMethod", "timeoutInMillis", "passthroughBehavior", "responses"]);
      return { type, functionArn: functionArnOf(reader), timeoutMs };
    case "aws":
      reader.allow([...transformingMembers, "uri", "httpMethod", "credentials", "requestParameters"]);
      return { type, ...transforming(reader, method, timeoutMs), ...serviceTarget(reader, method) };
    case "mock":
      reader.allow(transformingMembers);
      return { type, ...transforming(reader, method, timeoutMs) };
    default:
      throw notImplemented(`an integration of type ${type ?? "none"} (${reader.where})`);
  }
}

const transformingMembers = [
  "type",
  "timeoutInMillis",
  "requestTemplates",
  "passthroughBehavior",
  "contentHandling",
  "responses",
];

function functionArnOf(reader: DocumentReader): string {
  const uri = reader.text("uri") ?? "";
  const functionArn = functionUri.exec(uri)?.[1];
  if (functionArn === undefined) throw invalid(`${reader.where}.uri`, uri, "the invoke ARN of a Lambda function");
  // A Lambda function can be invoked by POST only.
  if (reader.text("httpMethod")?.toUpperCase() !== "POST")
    throw invalid(`${reader.where}.httpMethod`, reader.value.httpMethod, "POST for a Lambda function");
  return functionArn;
}

function serviceTarget(reader: DocumentReader, method: MethodDeclaration) {
  const uri = reader.text("uri") ?? "";
  const [, service, path] = serviceUri.exec(uri) ?? [];
  if (service === undefined || path === undefined || service === "lambda")
    throw notImplemented(`the integration URI ${uri} (only arn:aws:apigateway:<region>:<service>:path/…)`);
  const credentials = reader.text("credentials");
  if (!credentials?.startsWith("arn:aws:iam::"))
    throw invalid(`${reader.where}.credentials`, credentials, "the ARN of a role");
  const parameters = reader.textMap("requestParameters").map(([target, source]): ParameterMapping => {
    const [, to, name] = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
    if (to === undefined || name === undefined) throw invalid(`${reader.where}.requestParameters`, target, "a mapping");
    const from = requestSource(source, method.declaredParameters, `${reader.where}.requestParameters.${target}`);
    return { to: to as ParameterMapping["to"], name, from };
  });
  for (const [, placeholder] of path.matchAll(/\{([^}]+)\}/g))
    if (!parameters.some(({ to, name }) => to === "path" && name === placeholder))
      throw invalid(`${reader.where}.uri`, uri, `used with integration.request.path.${placeholder ?? ""}`);
  return { service, path, credentials, parameters, httpMethod: (reader.text("httpMethod") ?? "POST").toUpperCase() };
}

function requestSource(source: string, declared: string[], where: string): ValueSource {
  const literal = /^'(.*)'$/.exec(source)?.[1];
  if (literal !== undefined) return { kind: "literal", value: literal };
  const [, kind, name] =
    /^method\.request\.(path|querystring|header)\.(.+)$/.exec(source) ??
    /^(context|stageVariables)\.(.+)$/.exec(source) ??
    [];
  if (kind === undefined || name === undefined) throw notImplemented(`the parameter mapping ${source} (${where})`);
  const known = kind === "context" || kind === "stageVariables" || declared.some((one) => sameName(one, kind, name));
  if (!known)
    throw new AwsError(
      400,
      "BadRequestException",
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression ` +
        `parameter specified: ${source}] (${where}; declare it among the method's parameters)`,
    );
  return { kind: kind as "path", name };
}

const sameName = (declared: string, kind: string, name: string): boolean =>
  kind === "header" ? declared.toLowerCase() === `header.${name.toLowerCase()}` : declared === `${kind}.${name}`;

function transforming(reader: DocumentReader, method: MethodDeclaration, timeoutMs: number): Transforming {
  const behavior = (reader.text("passthroughBehavior") ?? "when_no_match").toLowerCase();
  if (behavior !== "when_no_match" && behavior !== "when_no_templates" && behavior !== "never")
    throw invalid(`${reader.where}.passthroughBehavior`, behavior, "when_no_match, when_no_templates or never");
  return {
    requestTemplates: templatesOf(reader, "requestTemplates"),
    passthroughBehavior: behavior,
    ...handlingOf(reader),
    responses: responsesOf(reader.child("responses"), method),
    timeoutMs,
  };
}

/** Integration responses are kept by the status that they answer with: there is one of each. */
function responsesOf(reader: DocumentReader, method: MethodDeclaration): IntegrationResponse[] {
  const responses = reader.children().map(([pattern, response]) => parseResponse(pattern, response, method));
  for (const [index, { statusCode }] of responses.entries())
    if (responses.findIndex((other) => other.statusCode === statusCode) < index)
      throw invalid(reader.where, `a second response with status ${statusCode}`, "one response for each status");
  return responses;
}

function parseResponse(pattern: string, reader: DocumentReader, method: MethodDeclaration): IntegrationResponse {
  reader.allow(["statusCode", "responseParameters", "responseTemplates", "contentHandling"]);
  const status = String(reader.value.statusCode);
  if (!/^[1-5]\d\d$/.test(status)) throw invalid(`${reader.where}.statusCode`, reader.value.statusCode, "a status");
  if (method.responses.value[status] === undefined)
    throw invalid(`${reader.where}.statusCode`, status, "among the method's responses");
  const declared = Object.keys(method.responses.child(status).child("headers").value).map((name) => name.toLowerCase());
  const headers = reader.textMap("responseParameters").map(([target, source]) => {
    const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
    if (name === undefined || !declared.includes(name.toLowerCase()))
      throw invalid(`${reader.where}.responseParameters`, target, `a header that response ${status} declares`);
    return { name, from: responseSource(source, reader.where) };
  });
  return {
    ...(pattern === "default" ? {} : { pattern: patternOf(pattern, reader.where) }),
    statusCode: Number(status),
    headers,
    templates: templatesOf(reader, "responseTemplates"),
    ...handlingOf(reader),
  };
}

function patternOf(pattern: string, where: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw invalid(where, pattern, "named by a regular expression");
  }
}

function responseSource(source: string, where: string): ValueSource {
  const literal = /^'(.*)'$/.exec(source)?.[1];
  if (literal !== undefined) return { kind: "literal", value: literal };
  const header = /^integration\.response\.header\.(.+)$/.exec(source)?.[1];
  if (header !== undefined) return { kind: "header", name: header };
  const variable = /^context\.(.+)$/.exec(source)?.[1];
  if (variable !== undefined) return { kind: "context", name: variable };
  throw notImplemented(`the parameter mapping ${source} (${where})`);
}

function templatesOf(reader: DocumentReader, name: string): Map<string, Template> {
  return new Map(
    reader.textMap(name).map(([type, text]) => [mediaType(type), parseTemplate(text, `${reader.where}.${name}`)]),
  );
}

function handlingOf(reader: DocumentReader): { contentHandling?: ContentHandling } {
  const handling = reader.text("contentHandling");
  if (handling === undefined) return {};
  if (handling === "CONVERT_TO_BINARY" || handling === "CONVERT_TO_TEXT") return { contentHandling: handling };
  throw invalid(`${reader.where}.contentHandling`, handling, "CONVERT_TO_BINARY or CONVERT_TO_TEXT");
}
