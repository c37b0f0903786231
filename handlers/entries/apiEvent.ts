/** The part of API Gateway's proxy event (REST API) that is used here. */
export interface ApiEvent {
  httpMethod?: string;
  headers?: Record<string, string | undefined> | null;
  pathParameters?: Record<string, string | undefined> | null;
  /** Decoded; all values of a parameter that is given more than once. */
  multiValueQueryStringParameters?: Record<string, string[] | undefined> | null;
  body?: string | null;
  /** Whether `body` is Base64. */
  isBase64Encoded?: boolean;
  requestContext?: { requestId?: string };
}
export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}
export interface ApiAnswer {
  status: number;
  /** Sent as JSON; undefined: an empty body. */
  body: unknown;
  headers?: Record<string, string>;
}

/** A request's header. A REST API passes names as the client wrote them. @param name in lower case */
export function headerOf({ headers }: ApiEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([written]) => written.toLowerCase() === name)?.[1];
}
