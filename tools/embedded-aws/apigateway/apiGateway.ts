import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorStack } from "../errorMessage";
import type { Announce } from "../announce";
import type { Iam } from "../iam/iam";
import type { LambdaInvoker } from "../lambda/invocation";
import type { Logs } from "../logs/logs";
import type { Place } from "../place";
import { parseTarget } from "../http/parsedRequest";
import type { WireService } from "../http/wireService";
import type { VerifyToken } from "./authorization";
import type { Exchange } from "./exchange";
import { createControl } from "./control";
import { toFrontPage } from "./frontPage";
import { invoke, maxPayloadBytes } from "./invocation";
import { createGatewayLogs } from "./logging";
import { createRegistry, type ApiGatewayAdmin, type Stage } from "./registry";
import type { Answer } from "./serviceCall";

export interface ApiGatewayOptions {
  iam: Iam;
  place: Place;
  /** Targets of service integrations: `{ s3 }`. Read at each request. */
  services: Record<string, WireService>;
  lambda: LambdaInvoker;
  logs: Logs;
  announce: Announce;
  verifyToken?: VerifyToken;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export interface ApiGateway extends ApiGatewayAdmin {
  /** API Gateway's own API, which returns what is declared. */
  control: WireService;
  /** Serves the deployed stages on 127.0.0.1, under `/<stage>/<path>`. 0 takes any free port. */
  listen(port: number): Promise<{ url: string; port: number }>;
  /** Has browsers that open the bare address see the page at this one. */
  setFrontPage(url: string): void;
  /** Ends open connections. */
  close(): Promise<void>;
}

/** API Gateway: REST APIs from OpenAPI documents. */
export function createApiGateway(options: ApiGatewayOptions): ApiGateway {
  const { iam, place, logs, announce, now = Date.now } = options;
  const registry = createRegistry(place);
  const gatewayLogs = createGatewayLogs(logs, { iam, logRole: () => registry.logRole(), announce });
  let server: Server | undefined;
  let frontPage: string | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = now();
    const before = performance.now();
    const { path: fullPath, rawQuery, query } = parseTarget(request.url ?? "/");
    const { stageName, path } = splitStage(fullPath);
    const stage = registry.stage(stageName);
    const ids = { requestId: randomUUID(), extendedRequestId: randomBytes(11).toString("base64url") + "=" };
    if (stage === undefined) {
      request.resume();
      return send(response, request.method, ids, toFrontPage(request, fullPath, frontPage) ?? forbidden);
    }
    const { body, tooLarge } = await readBody(request);
    const exchange: Exchange = {
      stage,
      path,
      fullPath,
      rawQuery,
      query,
      body,
      startedAt,
      ...ids,
      traceId: `Root=1-${Math.floor(startedAt / 1000).toString(16)}-${randomBytes(12).toString("hex")}`,
      httpMethod: request.method ?? "GET",
      protocol: `HTTP/${request.httpVersion}`,
      headers: headerPairs(request),
      sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1",
      pathParameters: {},
    };
    const result = await invoke(exchange, tooLarge, { ...options, now });
    const latencyMs = Math.round(performance.now() - before);
    exchange.answer = { status: result.status, bytes: result.body.length, latencyMs };
    if (result.status >= 500 && exchange.error !== undefined)
      announce(`${exchange.httpMethod} ${exchange.fullPath}: ${result.status}, ${exchange.error.reason}`);
    gatewayLogs.write(exchange);
    await send(response, request.method, ids, result);
  };

  return {
    ...registry,
    control: createControl({ iam, place, api: (id) => registry.api(id) }),
    listen: async (port) => {
      registry.stages().forEach((stage) => warnOfCognito(stage, options));
      server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
        answer(request, response).catch((error: unknown) => {
          announce(`A request to an API failed: ${errorStack(error)}`);
          response.destroy();
        });
      });
      await listening(server, port);
      const { port: taken } = server.address() as AddressInfo;
      return { url: `http://127.0.0.1:${taken}`, port: taken };
    },
    setFrontPage: (url) => {
      frontPage = url;
    },
    close: () =>
      new Promise((resolve) => {
        if (server === undefined) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The answer for a stage that does not exist. */
const forbidden: Answer = {
  status: 403,
  headers: [
    ["Content-Type", "application/json"],
    ["x-amzn-ErrorType", "ForbiddenException"],
  ],
  body: Buffer.from('{"message":"Forbidden"}'),
};

function warnOfCognito(stage: Stage, { verifyToken, announce }: ApiGatewayOptions): void {
  const guarded = stage.api.methods.some(({ authorization }) => authorization.type === "COGNITO");
  if (guarded && verifyToken === undefined)
    announce(
      `${stage.apiName} is guarded by a Cognito user pool. The embedded AWS issues no tokens, so these methods answer ` +
        "401 Unauthorized.",
    );
}

/** `/<stage>/<path>`, where further slashes in front of either do not count. */
function splitStage(fullPath: string): { stageName: string; path: string } {
  const [, stageName = "", path = ""] = /^\/+([^/]*)\/*(.*)$/.exec(fullPath) ?? [];
  return { stageName, path: `/${path}` };
}

/** Reads a body of up to 10 MB; the rest of a larger one is read and dropped. */
async function readBody(request: IncomingMessage): Promise<{ body: Buffer; tooLarge: boolean }> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= maxPayloadBytes) pieces.push(piece);
  }
  const tooLarge = length > maxPayloadBytes;
  return { body: tooLarge ? Buffer.alloc(0) : Buffer.concat(pieces), tooLarge };
}

function headerPairs(request: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2)
    pairs.push([request.rawHeaders[index] ?? "", request.rawHeaders[index + 1] ?? ""]);
  return pairs;
}

async function send(
  response: ServerResponse,
  method: string | undefined,
  ids: { requestId: string; extendedRequestId: string },
  { status, headers, body }: Answer,
): Promise<void> {
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.setHeader("x-amzn-RequestId", ids.requestId);
  response.setHeader("x-amz-apigw-id", ids.extendedRequestId);
  if (status !== 204 && status !== 304) response.setHeader("Content-Length", body.length);
  response.writeHead(status);
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    response.end(method === "HEAD" ? undefined : body, resolve);
  });
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}
