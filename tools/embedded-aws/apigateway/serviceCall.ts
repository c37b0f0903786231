import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { AwsError } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import { signatureErrors } from "../http/signatureErrors";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { WireService } from "../http/wireService";
import { contextVariable, headerOf, type Exchange } from "./exchange";
import { GatewayError } from "./gatewayResponses";
import type { IntegrationResponse, MockIntegration, ServiceIntegration } from "./integration";
import { answeredHeaders } from "./headerNames";
import { mapRequest, responseValue } from "./mapping";
import { convertBody, isBinary, mediaType } from "./payload";
import type { Template, TemplateInput } from "./templates";

/** The answer to the client. */
export interface Answer {
  status: number;
  headers: [string, string][];
  body: Buffer;
}
/** The answer of an integration. */
interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Calls the service as the integration's role, and maps its answer to the method's response. */
export async function callService(
  exchange: Exchange,
  integration: ServiceIntegration,
  { iam, services }: { iam: Iam; services: Record<string, WireService> },
): Promise<Answer> {
  const service = services[integration.service];
  if (service === undefined)
    throw new GatewayError(
      "API_CONFIGURATION_ERROR",
      undefined,
      `The embedded AWS has no service ${integration.service}`,
    );
  const body = requestBody(exchange, integration);
  const { path, query, headers } = mapRequest(exchange, integration);
  const { host } = new URL(exchange.stage.place.awsUrl);
  const principal = assumeRole(exchange, integration.credentials, iam);
  const response = signatureBreaks(integration.service, path)
    ? errorResponse(integration.service, signatureErrors.mismatch(integration.service, {}), exchange.requestId)
    : await service.handle({
        service: integration.service,
        method: integration.httpMethod,
        path,
        query,
        headers: { ...headers, host, "content-length": String(body.length) },
        body: Readable.from(body.length === 0 ? [] : [body]),
        principal,
        requestId: exchange.requestId,
        secure: true,
      });
  const reply = { status: response.status, headers: response.headers, body: await bodyOf(response.body) };
  const answer = methodResponse(exchange, integration.responses, reply, String(response.status));
  return { ...answer, headers: [...answer.headers, ["X-Amzn-Trace-Id", exchange.traceId]] };
}

/**
 * API Gateway decodes a parameter and signs it as it then is; S3 takes a plus sign in a path for a space, finds another
 * signature and refuses: https://github.com/aws/aws-sdk-java/issues/1902
 */
const signatureBreaks = (service: string, path: string): boolean => service === "s3" && path.includes("%2B");

async function bodyOf(body: string | Uint8Array | Readable | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  return body instanceof Readable ? buffer(body) : Buffer.from(body as Uint8Array);
}

function assumeRole(exchange: Exchange, roleArn: string, iam: Iam): Principal {
  const { accountId } = exchange.stage.place;
  try {
    // It sends neither aws:SourceArn nor aws:SourceAccount: a trust policy that asks for one is never fulfilled.
    // https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479
    return iam.assume(roleArn, { kind: "service", arn: "apigateway.amazonaws.com", accountId });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reason = `API Gateway does not have permission to assume the provided role ${roleArn}: ${error.message}`;
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, reason);
  }
}

/** A mock integration's request template says, as JSON, which `statusCode` it answers. */
export function callMock(exchange: Exchange, integration: MockIntegration): Answer {
  const body = requestBody(exchange, integration);
  let status = "200";
  try {
    const { statusCode } = JSON.parse(body.toString("utf8")) as { statusCode?: unknown };
    status = String(statusCode);
  } catch {
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, "The mock integration's request is not JSON");
  }
  const reply = { status: Number(status), headers: {}, body: Buffer.alloc(0) };
  return methodResponse(exchange, integration.responses, reply, status);
}

/**
 * The body that goes to the integration: from the template of the request's Content-Type, or as it is.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
function requestBody(exchange: Exchange, integration: ServiceIntegration | MockIntegration): Buffer {
  const { requestTemplates, passthroughBehavior, contentHandling } = integration;
  const contentType = headerOf(exchange, "content-type");
  const binary = isBinary(exchange.stage.api.binaryMediaTypes, contentType);
  const template = requestTemplates.get(mediaType(contentType ?? "application/json"));
  if (template !== undefined) {
    if (binary && contentHandling !== "CONVERT_TO_TEXT" && exchange.body.length > 0) throw untransformable("request");
    const text = convertBody(exchange.body, binary, contentHandling).toString("utf8");
    return Buffer.from(template(templateInput(exchange, text)));
  }
  const refused =
    passthroughBehavior === "never" || (passthroughBehavior === "when_no_templates" && requestTemplates.size > 0);
  if (refused) throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
  return convertBody(exchange.body, binary, contentHandling);
}

/** A template reads text; a binary body must be converted to text first. */
const untransformable = (what: string): GatewayError =>
  new GatewayError("API_CONFIGURATION_ERROR", undefined, `Unable to transform ${what}: it is binary`);

function templateInput(exchange: Exchange, body: string): TemplateInput {
  return {
    context: (name) => contextVariable(exchange, name),
    stageVariable: (name) => exchange.stage.variables[name],
    body,
  };
}

/** Picks the integration response whose pattern matches the status, and applies it. */
function methodResponse(exchange: Exchange, responses: IntegrationResponse[], reply: Reply, status: string): Answer {
  exchange.integration = { status: reply.status, latencyMs: 0 };
  const response =
    responses.find(({ pattern }) => pattern?.test(status)) ?? responses.find(({ pattern }) => pattern === undefined);
  if (response === undefined)
    throw new GatewayError(
      "API_CONFIGURATION_ERROR",
      undefined,
      `No match for output mapping and no default endpoint response configured. Endpoint Response Status Code: ${status}`,
    );
  const { body, contentType } = responseBody(exchange, response, reply);
  const headers = new Map<string, [string, string]>([["content-type", ["Content-Type", contentType]]]);
  for (const { name, from } of response.headers) {
    const value = responseValue(exchange, from, reply.headers);
    if (value !== undefined) headers.set(name.toLowerCase(), [name, value]);
  }
  return { status: response.statusCode, headers: answeredHeaders([...headers.values()]), body };
}

function responseBody(
  exchange: Exchange,
  { templates, contentHandling }: IntegrationResponse,
  reply: Reply,
): { body: Buffer; contentType: string } {
  const { binaryMediaTypes } = exchange.stage.api;
  const type = Object.entries(reply.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const isBinaryReply = isBinary(binaryMediaTypes, type);
  const accepted = isBinary(binaryMediaTypes, headerOf(exchange, "accept"));
  const [contentType, template] = pickTemplate(templates, headerOf(exchange, "accept"));
  if (template === undefined) {
    // Binary that the client does not ask for is handed out in Base64, and text to a client that asks for binary is
    // taken for Base64.
    const wanted = accepted ? "CONVERT_TO_BINARY" : "CONVERT_TO_TEXT";
    const handling = contentHandling ?? (isBinaryReply === accepted ? undefined : wanted);
    return { body: convertBody(reply.body, isBinaryReply, handling), contentType: "application/json" };
  }
  if (isBinaryReply && contentHandling !== "CONVERT_TO_TEXT" && reply.body.length > 0)
    throw untransformable("response");
  const text = convertBody(reply.body, isBinaryReply, contentHandling).toString("utf8");
  return { body: Buffer.from(template(templateInput(exchange, text))), contentType };
}

function pickTemplate(templates: Map<string, Template>, accept: string | undefined): [string, Template | undefined] {
  const wanted = mediaType(accept ?? "application/json");
  for (const type of [wanted, "application/json", ...templates.keys()]) {
    const template = templates.get(type);
    if (template !== undefined) return [type, template];
  }
  return ["application/json", undefined];
}
