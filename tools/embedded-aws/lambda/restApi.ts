import type { Readable } from "node:stream";
import { errorMessage } from "../errorMessage";
import { AwsError, notImplemented } from "../http/awsError";
import { errorResponse } from "../http/errorFormats";
import type { AwsRequest, AwsResponse } from "../http/wireService";
import type { Iam } from "../iam/iam";
import type { LambdaInvoker } from "./invocation";
import type { FunctionConfig } from "./functionConfig";
import type { FunctionRegistry } from "./registry";

interface LambdaWire {
  lambda: LambdaInvoker;
  registry: FunctionRegistry;
  iam: Iam;
}

const maximumPayload = 6 * 1024 * 1024;

/** Lambda's REST API: Invoke, GetFunction, GetFunctionConfiguration and ListFunctions; anything else is not implemented. */
export async function handleLambda(wire: LambdaWire, request: AwsRequest): Promise<AwsResponse> {
  try {
    return await route(wire, request);
  } catch (thrown) {
    const error =
      thrown instanceof AwsError ? thrown : new AwsError(500, "ServiceException", `Lambda failed: ${String(thrown)}`);
    return errorResponse("lambda", error, request.requestId);
  }
}

async function route(wire: LambdaWire, request: AwsRequest): Promise<AwsResponse> {
  const { method, path } = request;
  const [, encodedName, rest] = /^\/2015-03-31\/functions\/?(?:([^/]+)(\/.*)?)?$/.exec(path) ?? [];
  const name = encodedName === undefined ? undefined : decodeURIComponent(encodedName);
  if (name !== undefined && rest === "/invocations" && method === "POST") return invoke(wire, request, name);
  if (name !== undefined && rest === undefined && method === "GET") return getFunction(wire, request, name, true);
  if (name !== undefined && rest === "/configuration" && method === "GET") {
    return getFunction(wire, request, name, false);
  }
  if (/^\/2015-03-31\/functions\/?$/.test(path) && method === "GET") return listFunctions(wire, request);
  throw notImplemented(`lambda: ${method} ${path}`);
}

async function invoke({ lambda }: LambdaWire, request: AwsRequest, name: string): Promise<AwsResponse> {
  const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type !== "RequestResponse") throw notImplemented(`lambda:Invoke with InvocationType ${type}`);
  if (request.headers["x-amz-log-type"] === "Tail") throw notImplemented("lambda:Invoke with LogType Tail");
  const result = await lambda.invoke(name, await readPayload(request.body), request.principal);
  const headers = { "x-amz-executed-version": "$LATEST" };
  return json(200, result.payload, {
    ...headers,
    ...(result.functionError === undefined ? {} : { "x-amz-function-error": result.functionError }),
  });
}

async function readPayload(body: Readable): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  if (bytes > maximumPayload) {
    throw new AwsError(
      413,
      "RequestTooLargeException",
      `Request must be smaller than ${maximumPayload} bytes for the InvokeFunction operation`,
    );
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch (error) {
    throw new AwsError(
      400,
      "InvalidRequestContentException",
      `Could not parse request body into json: ${errorMessage(error)}`,
    );
  }
}

function getFunction({ registry, iam }: LambdaWire, request: AwsRequest, name: string, whole: boolean): AwsResponse {
  const { principal, secure } = request;
  const action = whole ? "lambda:GetFunction" : "lambda:GetFunctionConfiguration";
  iam.authorize({ principal, action, resource: registry.arnOf(name), secure });
  const configuration = configurationAnswer(registry.get(name));
  return json(200, whole ? { Configuration: configuration } : configuration);
}

function listFunctions({ registry, iam }: LambdaWire, { principal, secure }: AwsRequest): AwsResponse {
  iam.authorize({ principal, action: "lambda:ListFunctions", resource: "*", secure });
  return json(200, { Functions: registry.list().map(configurationAnswer) });
}

function configurationAnswer(config: FunctionConfig): Record<string, unknown> {
  return {
    FunctionName: config.name,
    FunctionArn: config.arn,
    Runtime: config.runtime,
    Role: config.role,
    Handler: config.handler,
    Description: config.description ?? "",
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMb,
    LastModified: config.lastModified,
    Version: "$LATEST",
    Environment: { Variables: config.environment },
    TracingConfig: { Mode: config.tracing ? "Active" : "PassThrough" },
    PackageType: "Zip",
    State: "Active",
    LoggingConfig: { LogFormat: config.logFormat, LogGroup: config.logGroup },
  };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): AwsResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
