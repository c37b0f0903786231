import { AwsError } from "../http/awsError";
import type { LambdaInvoker } from "../lambda/invocation";
import { commonLogTime, contextVariable, executeApiArn, headerOf, type Exchange } from "./exchange";
import { GatewayError } from "./gatewayResponses";
import { answeredHeaders, passedHeaders } from "./headerNames";
import type { LambdaProxyIntegration } from "./integration";
import { isBinary } from "./payload";
import { stableId } from "./stableId";
import type { Answer } from "./serviceCall";

/** Invokes the function with the request as its event, and answers what it returns. */
export async function callLambda(
  exchange: Exchange,
  { functionArn }: LambdaProxyIntegration,
  lambda: LambdaInvoker,
): Promise<Answer> {
  const { accountId } = exchange.stage.place;
  const caller = {
    kind: "service" as const,
    arn: "apigateway.amazonaws.com",
    accountId,
    sourceArn: executeApiArn(exchange, exchange.method?.resourcePath ?? "/"),
    sourceAccount: accountId,
  };
  let payload: unknown;
  try {
    const result = await lambda.invoke(functionArn, proxyEvent(exchange), caller);
    if (result.functionError !== undefined) throw badGateway(`The function failed: ${JSON.stringify(result.payload)}`);
    payload = result.payload;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // A function that is missing, not permitted or throttled is answered with 500, a failing one with 502.
    const reason =
      error.status === 429
        ? `Lambda execution failed with status 429 due to customer function error: ${error.message}`
        : `Invalid permissions on Lambda function: ${error.message}`;
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, reason);
  }
  return proxyAnswer(exchange, payload);
}

const badGateway = (reason: string): GatewayError => new GatewayError("INTEGRATION_FAILURE", undefined, reason, 502);

/**
 * The event of a REST API, payload format 1.0. `path` and `pathParameters` are as the client sent them, still
 * percent-encoded; query parameters are decoded, `+` to a space. Recorded from AWS by LocalStack's test
 * `test_lambda_aws_proxy_integration` (`user/test%2Balias@gmail.com` arrives unchanged), and reported in
 * https://github.com/serverless/serverless/issues/5037.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
function proxyEvent(exchange: Exchange): Record<string, unknown> {
  const { stage, method, principal } = exchange;
  const host = headerOf(exchange, "host") ?? "";
  const headers = multiValues([
    ...passedHeaders(exchange.headers),
    ["X-Amzn-Trace-Id", exchange.traceId],
    ["X-Forwarded-For", exchange.sourceIp],
    ["X-Forwarded-Port", host.split(":")[1] ?? "443"],
    ["X-Forwarded-Proto", "http"],
  ]);
  const query = multiValues([...exchange.query]);
  const binary = isBinary(stage.api.binaryMediaTypes, headerOf(exchange, "content-type"));
  return {
    resource: method?.resourcePath,
    path: exchange.path,
    httpMethod: exchange.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: query,
    pathParameters: orNull(exchange.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: {
      accountId: stage.place.accountId,
      apiId: stage.apiId,
      ...(exchange.claims === undefined ? {} : { authorizer: { claims: exchange.claims } }),
      deploymentId: stage.deploymentId,
      domainName: host,
      domainPrefix: stage.apiId,
      extendedRequestId: exchange.extendedRequestId,
      httpMethod: exchange.httpMethod,
      identity: {
        accessKey: exchange.accessKeyId ?? null,
        accountId: principal?.accountId ?? null,
        caller: principal?.arn ?? null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: exchange.sourceIp,
        user: principal?.arn ?? null,
        userAgent: headerOf(exchange, "user-agent") ?? null,
        userArn: principal?.arn ?? null,
      },
      path: contextVariable(exchange, "path"),
      protocol: exchange.protocol,
      requestId: exchange.requestId,
      requestTime: commonLogTime(exchange.startedAt),
      requestTimeEpoch: exchange.startedAt,
      resourceId: stableId(method?.resourcePath ?? "/").slice(0, 6),
      resourcePath: method?.resourcePath,
      stage: stage.name,
    },
    body: exchange.body.length === 0 ? null : exchange.body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: exchange.body.length > 0 && binary,
  };
}

function multiValues(pairs: [string, string][]): Record<string, string[]> | null {
  const values: Record<string, string[]> = {};
  for (const [name, value] of pairs) (values[name] ??= []).push(value);
  return orNull(values);
}
const lastValues = (values: Record<string, string[]> | null): Record<string, string> | null =>
  values === null ? null : Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
const orNull = <Values extends object>(values: Values): Values | null =>
  Object.keys(values).length === 0 ? null : values;

const members = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];

/** The function's result in the form that a proxy integration must return; else 502. */
function proxyAnswer(exchange: Exchange, payload: unknown): Answer {
  const malformed = (): GatewayError =>
    badGateway("Execution failed due to configuration error: Malformed Lambda proxy response");
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) throw malformed();
  const { statusCode = 200, headers, multiValueHeaders, body, isBase64Encoded } = payload as Record<string, unknown>;
  const status = Number(statusCode);
  if (Object.keys(payload).some((name) => !members.includes(name))) throw malformed();
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed();
  if (body !== undefined && body !== null && typeof body !== "string") throw malformed();
  const single = headerPairs(headers, (value) => [value]);
  const multi = headerPairs(multiValueHeaders, (value) => (Array.isArray(value) ? (value as unknown[]) : undefined));
  if (single === undefined || multi === undefined) throw malformed();
  // Both count: values of one name become one list, those of multiValueHeaders first.
  const all = answeredHeaders([...multi, ...single]);
  all.push(["X-Amzn-Trace-Id", exchange.traceId]);
  if (!all.some(([name]) => name.toLowerCase() === "content-type")) all.push(["Content-Type", "application/json"]);
  // Base64 is decoded only for clients whose Accept is a binary media type of this API.
  const decodes =
    isBase64Encoded === true && isBinary(exchange.stage.api.binaryMediaTypes, headerOf(exchange, "accept"));
  exchange.integration = { status: 200, latencyMs: 0 };
  return { status, headers: all, body: Buffer.from(body ?? "", decodes ? "base64" : "utf8") };
}

function headerPairs(
  headers: unknown,
  valuesOf: (value: unknown) => unknown[] | undefined,
): [string, string][] | undefined {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== "object" || Array.isArray(headers)) return undefined;
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = valuesOf(value);
    if (values === undefined) return undefined;
    for (const one of values) {
      if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") return undefined;
      pairs.push([name, String(one)]);
    }
  }
  return pairs;
}
