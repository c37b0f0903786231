import { errorStack } from "../errorMessage";
import type { Iam } from "../iam/iam";
import type { LambdaInvoker } from "../lambda/invocation";
import type { WireService } from "../http/wireService";
import { authorize, type VerifyToken } from "./authorization";
import { contextVariable, headerOf, type Exchange } from "./exchange";
import { fixed, GatewayError, gatewayResponseTypes } from "./gatewayResponses";
import type { Integration } from "./integration";
import type { Method } from "./document";
import { callLambda } from "./lambdaProxy";
import { decode, findRoute } from "./routes";
import { callMock, callService, type Answer } from "./serviceCall";

interface InvocationOptions {
  iam: Iam;
  services: Record<string, WireService>;
  lambda: LambdaInvoker;
  verifyToken?: VerifyToken;
  now: () => number;
}

/** "Payload size: 10 MB", of requests, a quota that cannot be raised. */
export const maxPayloadBytes = 10 * 1024 * 1024;

/** Takes a request through route, authorisation, validation and integration. Never rejects. */
export async function invoke(exchange: Exchange, tooLarge: boolean, options: InvocationOptions): Promise<Answer> {
  try {
    return await attempt(exchange, tooLarge, options);
  } catch (error) {
    const known =
      error instanceof GatewayError ? error : new GatewayError("API_CONFIGURATION_ERROR", undefined, errorStack(error));
    return gatewayAnswer(exchange, known);
  }
}

async function attempt(exchange: Exchange, tooLarge: boolean, options: InvocationOptions): Promise<Answer> {
  const { stage } = exchange;
  if (stage.disabled) throw new GatewayError("ACCESS_DENIED");
  if (decode(exchange.path) === undefined)
    throw new GatewayError("BAD_REQUEST_PARAMETERS", "The path is not percent-encoded UTF-8");
  const route = findRoute(stage.api.methods, exchange.httpMethod, exchange.path);
  if (route === undefined) throw new GatewayError("MISSING_AUTHENTICATION_TOKEN");
  exchange.method = route.method;
  exchange.pathParameters = route.pathParameters;
  if (!stage.throttles.admits(route.method, options.now())) throw new GatewayError("THROTTLED");
  if (tooLarge) throw new GatewayError("REQUEST_TOO_LARGE");
  await authorize(exchange, route.method.authorization, { verifyToken: undefined, ...options });
  validate(exchange, route.method);
  const before = performance.now();
  try {
    return await inTime(route.method.integration, (integration) => integrate(exchange, integration, options));
  } finally {
    const latencyMs = Math.round(performance.now() - before);
    exchange.integration = { status: exchange.integration?.status ?? 0, latencyMs };
  }
}

function integrate(exchange: Exchange, integration: Integration, options: InvocationOptions): Promise<Answer> {
  switch (integration.type) {
    case "aws":
      return callService(exchange, integration, options);
    case "aws_proxy":
      return callLambda(exchange, integration, options.lambda);
    case "mock":
      return Promise.resolve(callMock(exchange, integration));
  }
}

/** After a timeout the integration runs on without a waiting client, as on AWS. */
async function inTime(integration: Integration, work: (integration: Integration) => Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const reason = `Execution failed due to a timeout error: no answer within ${integration.timeoutMs} ms`;
    timer = setTimeout(() => reject(new GatewayError("INTEGRATION_TIMEOUT", undefined, reason)), integration.timeoutMs);
  });
  try {
    return await Promise.race([work(integration), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function validate(exchange: Exchange, method: Method): void {
  const missing = method.required.filter(({ in: place, name }) => {
    if (place === "path") return exchange.pathParameters[name] === undefined;
    return place === "header" ? !headerOf(exchange, name) : !exchange.query.get(name);
  });
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(", ");
  throw new GatewayError("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${names}]`);
}

/** An answer of API Gateway's own, in the form that the API gives it. */
function gatewayAnswer(exchange: Exchange, error: GatewayError): Answer {
  exchange.error = { message: error.message, type: error.type, reason: error.reason };
  const responses = exchange.stage.api.gatewayResponses;
  const custom =
    error.type === fixed
      ? undefined
      : (responses.get(error.type) ?? responses.get(error.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"));
  const [type, template] = custom?.templates.entries().next().value ?? ["application/json", undefined];
  const text =
    template === undefined
      ? JSON.stringify({ message: error.message })
      : template({
          context: (name) => contextVariable(exchange, name),
          stageVariable: (name) => exchange.stage.variables[name],
        });
  const headers: [string, string][] = [
    ["Content-Type", type],
    ["x-amzn-ErrorType", gatewayResponseTypes[error.type].errorType],
    ...(custom?.headers ?? []),
  ];
  return { status: custom?.status ?? error.status, headers, body: Buffer.from(text) };
}
