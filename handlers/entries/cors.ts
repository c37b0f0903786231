import { type ApiEvent, type ApiResult, headerOf } from "./apiEvent";

/** Headers of a signed request, beside those that every page may send. */
const REQUEST_HEADERS =
  "Authorization, Content-Type, If-None-Match, X-Amz-Content-Sha256, X-Amz-Date, X-Amz-Security-Token";
/** Browsers keep an answer to a preflight request for two hours at most: https://fetch.spec.whatwg.org/#http-access-control-max-age */
const PREFLIGHT_SECONDS = 7200;

/**
 * Headers that let pages of the allowed origins read an answer. Without allowed origins there are none.
 * @param origins such as `https://www.example.com`; `*` allows all
 */
export function corsHeaders(origins: readonly string[], event: ApiEvent): Record<string, string> {
  if (origins.length === 0) return {};
  const exposed = { "access-control-expose-headers": "ETag, Retry-After" };
  if (origins.includes("*")) return { "access-control-allow-origin": "*", ...exposed };
  const origin = headerOf(event, "origin");
  const allowed = origin !== undefined && origins.includes(origin);
  return { vary: "Origin", ...(allowed && { "access-control-allow-origin": origin, ...exposed }) };
}

/** The answer to a browser that asks before it sends a request (a preflight request, OPTIONS). */
export function preflight(origins: readonly string[], event: ApiEvent): ApiResult {
  const headers = corsHeaders(origins, event);
  const allowed = "access-control-allow-origin" in headers && {
    "access-control-allow-methods": "DELETE, GET, HEAD, POST, PUT",
    "access-control-allow-headers": REQUEST_HEADERS,
    "access-control-max-age": String(PREFLIGHT_SECONDS),
  };
  return { statusCode: 204, headers: { ...headers, ...allowed }, body: "" };
}
