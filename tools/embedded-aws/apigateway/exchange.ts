import type { Principal } from "../iam/principal";
import type { Method } from "./document";
import type { Stage } from "./registry";

/** One request to a stage, with the findings of the steps that it passed. */
export interface Exchange {
  stage: Stage;
  requestId: string;
  /** `x-amz-apigw-id` */
  extendedRequestId: string;
  /** `Root=1-…` */
  traceId: string;
  httpMethod: string;
  protocol: string;
  /** As sent, still percent-encoded: with the stage in front, and without. */
  fullPath: string;
  path: string;
  rawQuery: string;
  query: URLSearchParams;
  /** Names as sent. */
  headers: [string, string][];
  body: Buffer;
  sourceIp: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  method?: Method;
  /** Still percent-encoded. */
  pathParameters: Record<string, string>;
  principal?: Principal;
  accessKeyId?: string;
  /** Of a Cognito token. */
  claims?: Record<string, string>;
  error?: { message: string; type: string; reason: string };
  /** Status and duration of the integration. */
  integration?: { status: number; latencyMs: number };
  answer?: { status: number; bytes: number; latencyMs: number };
}

/** The last value of a header: API Gateway's single value of a repeated header. */
export const headerOf = (exchange: Pick<Exchange, "headers">, name: string): string | undefined =>
  exchange.headers.filter(([known]) => known.toLowerCase() === name.toLowerCase()).at(-1)?.[1];

/** The path of the resource's ARN: `<api>/<stage>/<METHOD>/<path>`. */
export function executeApiArn({ stage, httpMethod }: Exchange, path: string): string {
  return `${stage.executionArn}/${httpMethod}${path}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `24/Nov/2026:00:12:00 +0000` */
export function commonLogTime(ms: number): string {
  const time = new Date(ms).toISOString();
  const month = months[Number(time.slice(5, 7)) - 1] ?? "";
  return `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
}

/**
 * The value of a `$context` variable, or undefined where it has none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function contextVariable(exchange: Exchange, name: string): string | undefined {
  const claim = /^authorizer\.claims\.(.+)$/.exec(name)?.[1];
  if (claim !== undefined) return exchange.claims?.[claim];
  const value = variables[name]?.(exchange);
  return value === undefined ? undefined : String(value);
}

const userArn = ({ principal }: Exchange): string | undefined => principal?.arn;

const variables: Partial<Record<string, (exchange: Exchange) => string | number | undefined>> = {
  accountId: ({ stage }) => stage.place.accountId,
  apiId: ({ stage }) => stage.apiId,
  "authorizer.principalId": ({ claims }) => claims?.sub,
  deploymentId: ({ stage }) => stage.deploymentId,
  domainName: (exchange) => headerOf(exchange, "host"),
  domainPrefix: ({ stage }) => stage.apiId,
  "error.message": ({ error }) => error?.message,
  "error.messageString": ({ error }) => (error === undefined ? undefined : JSON.stringify(error.message)),
  "error.responseType": ({ error }) => error?.type,
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  httpMethod: ({ httpMethod }) => httpMethod,
  "identity.accessKey": ({ accessKeyId }) => accessKeyId,
  "identity.accountId": ({ principal }) => principal?.accountId,
  "identity.caller": userArn,
  "identity.sourceIp": ({ sourceIp }) => sourceIp,
  "identity.user": userArn,
  "identity.userAgent": (exchange) => headerOf(exchange, "user-agent"),
  "identity.userArn": userArn,
  "integration.error": ({ error }) => error?.reason,
  "integration.latency": ({ integration }) => integration?.latencyMs,
  "integration.status": ({ integration }) => integration?.status,
  integrationErrorMessage: ({ error }) => error?.reason,
  integrationLatency: ({ integration }) => integration?.latencyMs,
  integrationStatus: ({ integration }) => integration?.status,
  path: ({ fullPath }) => fullPath.replace(/^\/+/, "/"),
  protocol: ({ protocol }) => protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAt }) => commonLogTime(startedAt),
  requestTimeEpoch: ({ startedAt }) => startedAt,
  resourcePath: ({ method }) => method?.resourcePath,
  responseLatency: ({ answer }) => answer?.latencyMs,
  responseLength: ({ answer }) => answer?.bytes,
  stage: ({ stage }) => stage.name,
  status: ({ answer }) => answer?.status,
};
