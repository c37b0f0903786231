import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Announce } from "../announce";
import { errorStack } from "../errorMessage";
import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import { AwsError, notImplemented } from "./awsError";
import { errorResponse } from "./errorFormats";
import { hostIdOf } from "./hostId";
import { incomingCall, openCall, type IncomingCall } from "./incomingCall";
import type { AwsResponse, WireService } from "./wireService";

/** A call that is about to reach its service. */
export type Call = IncomingCall & { principal: Principal };

export interface AwsServerOptions {
  /** 0 takes any free port. */
  port: number;
  iam: Pick<Iam, "lookup">;
  /** By service name in the credential scope. Read at each call, so it may be filled after the start. */
  services: Record<string, WireService>;
  /** The one region that signatures may name. */
  region: string;
  now?: () => Date;
  /** Called with each failure of the server itself. */
  announce?: Announce;
  /** Runs before each call is dispatched. An AwsError that it throws is the answer: throttling, 5xx. */
  onCall?: (call: Call) => void | Promise<void>;
  /** Whether the answer of a call, which has taken effect, is lost: its connection ends without one. */
  losesAnswer?: (call: Call) => boolean;
}

interface AwsServer {
  url: string;
  port: number;
  /** Ends all connections, those of long polls included. */
  close(): Promise<void>;
}

/** Starts the endpoint of all services on 127.0.0.1. Rejects with the system's error when the port is in use. */
export async function startAwsServer(options: AwsServerOptions): Promise<AwsServer> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(options, request, response).catch((error: unknown) => {
      options.announce?.(`A connection failed: ${String(error)}`);
      response.destroy();
    });
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, listener).on("checkContinue", listener);
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
  const call = incomingCall(request);
  let asksFirst = request.headers.expect !== undefined;
  const body = bodyOf(request, () => {
    if (asksFirst) response.writeContinue();
    asksFirst = false;
  });
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const result = await serve(options, body, call, gone.signal).catch((error: unknown) =>
    errorResponse(call.service, asAwsError(error, options.announce), call.requestId),
  );
  if (result === undefined) {
    response.destroy();
    return;
  }
  // A connection stays open without a header that says so (recorded: test_put_and_get_object_with_content_language_disposition).
  response.removeHeader("connection");
  // The next bytes may be a body that a client sends all the same, or its next request.
  if (asksFirst) response.setHeader("connection", "close");
  await send(response, call, result);
  drain(request);
}

/** The pieces of a body. A client that waits for leave to send it gets leave when the first one is wanted. */
async function* bodyOf(request: IncomingMessage, start: () => void): AsyncGenerator<Uint8Array> {
  start();
  // Breaking off the iteration must not destroy the request, and with it the connection that the answer takes.
  yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

/** Authenticates the call and passes it to its service. Undefined where the answer is lost. */
async function serve(
  options: AwsServerOptions,
  body: AsyncIterable<Uint8Array>,
  call: IncomingCall,
  signal: AbortSignal,
): Promise<AwsResponse | undefined> {
  const service = Object.hasOwn(options.services, call.service) ? options.services[call.service] : undefined;
  if (service === undefined) throw notImplemented(`the service ${call.service}`);
  const opened = await openCall(call, body, options);
  await options.onCall?.({ ...call, ...opened });
  const result = await service.handle({ ...call, ...opened, secure: true, signal });
  if (options.losesAnswer?.({ ...call, ...opened }) !== true) return result;
  if (result.body instanceof Readable) result.body.destroy();
  return undefined;
}

/** Reads the rest of the body, so that the next request on the connection is found; an abandoned iteration would block it. */
function drain(request: IncomingMessage): void {
  request.removeAllListeners("readable");
  request.resume();
}

function asAwsError(error: unknown, announce: Announce | undefined): AwsError {
  if (error instanceof AwsError) return error;
  announce?.(`The embedded AWS failed: ${errorStack(error)}`);
  return new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
}

function standardHeaders({ service, requestId }: IncomingCall): Record<string, string> {
  return service === "s3"
    ? { "x-amz-request-id": requestId, "x-amz-id-2": hostIdOf(requestId), server: "AmazonS3" }
    : { "x-amzn-requestid": requestId };
}

/** S3 writes the names of HTTP's own headers with capitals (recorded: test_cors_options_match_partial_origin). */
function wireHeaders({ service }: IncomingCall, headers: Record<string, string>): Record<string, string> {
  if (service !== "s3") return headers;
  const capitals = (name: string): string =>
    name === "etag" ? "ETag" : name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.startsWith("x-amz-") ? name : capitals(name), value]),
  );
}

async function send(response: ServerResponse, call: IncomingCall, result: AwsResponse): Promise<void> {
  const { status, body } = result;
  const headers = wireHeaders(call, { ...standardHeaders(call), ...result.headers });
  if (call.method === "HEAD" || body === undefined) {
    if (body instanceof Readable) body.destroy();
    // Node would announce an empty body in chunks; S3 says how long it is.
    const length = call.method === "HEAD" || status === 204 || status === 304 ? {} : { "Content-Length": "0" };
    response.writeHead(status, { ...length, ...headers }).end();
  } else if (body instanceof Readable) {
    response.writeHead(status, headers);
    await pipeline(body, response).catch((error: unknown) => {
      // The client disconnected; the status is sent already.
      if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  } else {
    const bytes = Buffer.from(body);
    // S3 sends its errors in chunks, and does not say how long they are (recorded: test_cors_options_fails_partial_origin).
    const length = call.service === "s3" && status >= 400 ? {} : { "Content-Length": String(bytes.length) };
    response.writeHead(status, { ...headers, ...length }).end(bytes);
  }
}
