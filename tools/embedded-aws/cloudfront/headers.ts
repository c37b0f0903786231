import type { HeadersPolicy } from "./types";

/**
 * The headers that a policy adds to an answer: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 * @param origin of the page that asks, where one does
 * @param given the origin's own headers, in lower case
 */
export function addedHeaders(
  { headers, cors }: HeadersPolicy,
  origin: string | undefined,
  given: Record<string, string>,
): [string, string][] {
  const security = headers
    .filter(({ name, overrides }) => overrides || given[name] === undefined)
    .map(({ name, value }): [string, string] => [name, value]);
  const any = cors?.origins.includes("*") ?? false;
  const isAllowed = origin !== undefined && (any || (cors?.origins.includes(origin) ?? false));
  if (!cors || !isAllowed || (!cors.overrides && given["access-control-allow-origin"] !== undefined)) return security;
  return [
    ...security,
    ["access-control-allow-origin", any ? "*" : origin],
    ...(any ? [] : [["vary", "Origin"] satisfies [string, string]]),
    ...(cors.exposed.length > 0
      ? [["access-control-expose-headers", cors.exposed.join(", ")] satisfies [string, string]]
      : []),
  ];
}
