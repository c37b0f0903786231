import type { IncomingMessage } from "node:http";

/** The head of an HTTP request, taken apart once. Signature check, authorisation and operation all read this value. */
export interface ParsedRequest {
  method: string;
  /** Path as sent, percent-encoded, without the query. */
  path: string;
  /** Query as sent, without the question mark: a signature covers its very characters. */
  rawQuery: string;
  query: URLSearchParams;
  /** Names in lower case, values as Node's HTTP parser gives them; repeated headers joined with a comma. */
  headers: Record<string, string | undefined>;
}

/** Splits a request's target: `/bucket/key?versionId=1`. */
export function parseTarget(target: string): Pick<ParsedRequest, "path" | "rawQuery" | "query"> {
  const mark = target.indexOf("?");
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  return { path: mark < 0 ? target : target.slice(0, mark), rawQuery, query: new URLSearchParams(rawQuery) };
}

export function parseRequest(request: IncomingMessage): ParsedRequest {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(",")] as const);
  return { method: request.method ?? "GET", ...parseTarget(request.url ?? "/"), headers: Object.fromEntries(headers) };
}
