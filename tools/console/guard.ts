import type { IncomingMessage } from "node:http";

/** The header that each request needs that changes something: a page of another origin cannot set it. */
const CUSTOM_HEADER = "x-snail-console";

/**
 * Why a request is refused, or undefined where it is the console's own page that asks. A host name of another site that
 * leads to 127.0.0.1 (DNS rebinding) is refused by `Host`, a page of another origin by `Origin`.
 * @param port that the console listens on
 */
export function refusalOf(
  { headers, method }: Pick<IncomingMessage, "headers" | "method">,
  port: number,
): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? "")) return `the host must be ${hosts.join(" or ")}`;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host ?? ""}`)
    return "the origin is another one";
  if (method !== "GET" && method !== "HEAD" && headers[CUSTOM_HEADER] === undefined)
    return `the header ${CUSTOM_HEADER} is missing`;
  return undefined;
}
