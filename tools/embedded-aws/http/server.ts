import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorStack } from "../errorMessage";
import type { Announce } from "../announce";
import type { AwsRequest, AwsResponse, WireService } from "./wireService";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import { verifySignature, type VerifiedCall } from "./authenticate";
import { AwsError, notImplemented } from "./awsError";
import { errorResponse } from "./errorFormats";
import { openPayload } from "./payload";
import { flatHeaders, readAll } from "./readRequest";
import { isSigned, signedService, splitUrl, type SignedCall } from "./signatureMaterial";
import { signatureErrors } from "./signatureErrors";
import { sha256Hex } from "./signingKey";

/** A call that is about to reach its service. */
export interface Call {
  service: string;
  /** The operation's name where the protocol tells it; S3's is in method, path and query. */
  operation?: string;
  principal: Principal;
  method: string;
  /** Path as sent, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  requestId: string;
}

export interface AwsServerOptions {
  /** 0 takes any free port. */
  port: number;
  iam: Pick<Iam, "lookup">;
  /** By service name in the credential scope. Read at each call, so it may be filled after the start. */
  services: Record<string, WireService>;
  /** The one region that signatures may name; any when left out. */
  region?: string;
  now?: () => Date;
  /** Told of failures of the server itself. */
  announce?: Announce;
  /** Runs before each call is dispatched. An AwsError that it throws is the answer: throttling, 5xx. */
  onCall?: (call: Call) => void | Promise<void>;
}

export interface AwsServer {
  url: string;
  port: number;
  /** Ends all connections, those of long polls included. */
  close(): Promise<void>;
}

/** More than the largest request of any service but S3, whose bodies are streamed. */
const largestBufferedBody = 20 * 1024 * 1024;

/** Starts the endpoint of all services on 127.0.0.1. Rejects with the system's error when the port is in use. */
export async function startAwsServer(options: AwsServerOptions): Promise<AwsServer> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.announce?.(`A connection failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(options: AwsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call: SignedCall = {
    method: request.method ?? "GET",
    rawUrl: request.url ?? "/",
    headers: flatHeaders(request),
  };
  const service = signedService(call) ?? serviceOfUnsigned(call);
  const requestId = service === "s3" ? randomBytes(8).toString("hex").toUpperCase() : randomUUID();
  const gone = new AbortController();
  response.once("close", () => {
    gone.abort();
  });
  const result = await dispatch(options, request, call, service, requestId, gone.signal).catch((error: unknown) =>
    errorResponse(service, asAwsError(error, options.announce), requestId, splitUrl(call.rawUrl).path),
  );
  await send(response, call.method, { ...standardHeaders(service, requestId), ...result.headers }, result);
  drain(request);
}

/**
 * Takes off the connection what the service left unread, so that the next request on it is found. A broken-off
 * iteration may still be listening, and would keep the request from flowing.
 */
function drain(request: IncomingMessage): void {
  request.removeAllListeners("readable");
  request.resume();
}

async function dispatch(
  options: AwsServerOptions,
  request: IncomingMessage,
  call: SignedCall,
  service: string,
  requestId: string,
  signal: AbortSignal,
): Promise<AwsResponse> {
  const wire = Object.hasOwn(options.services, service) ? options.services[service] : undefined;
  if (wire === undefined) throw notImplemented(`the service ${service}`);
  const { path, query } = splitUrl(call.rawUrl);
  const opened =
    service === "s3" ? openS3Call(options, request, call) : await openBufferedCall(options, request, call, service);
  const awsRequest: AwsRequest = {
    service,
    method: call.method,
    path,
    query: new URLSearchParams(query),
    requestId,
    secure: true,
    signal,
    ...opened,
  };
  await options.onCall?.({ ...awsRequest, operation: operationOf(awsRequest) });
  return wire.handle(awsRequest);
}

type Opened = Pick<AwsRequest, "principal" | "headers" | "body" | "trailers">;

function openS3Call(options: AwsServerOptions, request: IncomingMessage, call: SignedCall): Opened {
  const verified: VerifiedCall | undefined = isSigned(call)
    ? verifySignature(call, { ...options, service: "s3" })
    : undefined;
  // Breaking off the iteration must not destroy the request, and with it the connection that the answer takes.
  const source = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  const payload = openPayload(source, call.headers, verified);
  return { principal: verified?.principal ?? anonymous, ...payload };
}

const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

async function openBufferedCall(
  options: AwsServerOptions,
  request: IncomingMessage,
  call: SignedCall,
  service: string,
): Promise<Opened> {
  if (!isSigned(call)) throw signatureErrors.missing(service);
  const body = await readAll(request, largestBufferedBody);
  const { principal } = verifySignature({ ...call, payloadHash: sha256Hex(body) }, { ...options, service });
  return { principal, headers: call.headers, body: Readable.from(body) };
}

/** Unsigned calls belong to the service whose protocol they speak: S3, unless something says otherwise. */
function serviceOfUnsigned(call: SignedCall): string {
  const target = call.headers["x-amz-target"] ?? "";
  if (target.startsWith("AmazonSQS.")) return "sqs";
  if (target.startsWith("DynamoDB_")) return "dynamodb";
  const form = call.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  return form && splitUrl(call.rawUrl).path === "/" ? "sts" : "s3";
}

function operationOf(request: AwsRequest): string | undefined {
  return request.headers["x-amz-target"]?.split(".").at(-1) ?? request.query.get("Action") ?? undefined;
}

function asAwsError(error: unknown, announce: Announce | undefined): AwsError {
  if (error instanceof AwsError) return error;
  announce?.(`The embedded AWS failed: ${errorStack(error)}`);
  return new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
}

function standardHeaders(service: string, requestId: string): Record<string, string> {
  return service === "s3"
    ? { "x-amz-request-id": requestId, "x-amz-id-2": requestId, server: "AmazonS3" }
    : { "x-amzn-requestid": requestId };
}

async function send(
  response: ServerResponse,
  method: string,
  headers: Record<string, string>,
  { status, body }: AwsResponse,
): Promise<void> {
  if (method === "HEAD" || body === undefined) {
    if (body instanceof Readable) body.destroy();
    response.writeHead(status, headers).end();
  } else if (body instanceof Readable) {
    response.writeHead(status, headers);
    await pipeline(body, response).catch((error: unknown) => {
      // The client hung up; the status has long been sent.
      if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  } else {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, "content-length": String(bytes.length) }).end(bytes);
  }
}
