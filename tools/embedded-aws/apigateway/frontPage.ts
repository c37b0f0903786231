import type { IncomingMessage } from "node:http";
import type { Answer } from "./serviceCall";

/**
 * Leads a browser that opens the bare address to a page. AWS has none there: every other request is answered as it would.
 * @param url of the page, where there is one
 */
export function toFrontPage(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  path: string,
  url: string | undefined,
): Answer | undefined {
  const isBrowser = method === "GET" && path === "/" && headers.accept?.includes("text/html") === true;
  if (url === undefined || !isBrowser) return undefined;
  const location: [string, string][] = [
    ["Location", url],
    ["Cache-Control", "no-store"],
  ];
  return { status: 302, headers: location, body: Buffer.alloc(0) };
}
