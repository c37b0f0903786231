import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { errorStack } from "../errorMessage";
import { parseTarget } from "../http/parsedRequest";
import type { WireService } from "../http/wireService";
import type { Principal } from "../iam/principal";
import type { Place } from "../place";
import type { Deployed } from "./deployed";
import type { Kept } from "./edgeCache";
import { addedHeaders } from "./headers";

interface EdgeOptions {
  place: Place;
  s3: WireService;
  announce: (line: string) => void;
  deployed: () => Deployed | undefined;
}

/** Serves a distribution to viewers, over plain HTTP: this machine counts as TLS, as for every other service. */
export function createEdgeServer({ place, s3, announce, deployed }: EdgeOptions) {
  let server: Server | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    const found = deployed();
    const method = request.method ?? "GET";
    if (!found?.distribution.enabled || !found.distribution.allowedMethods.includes(method)) {
      send(response, method, { status: 403, headers: { "content-type": "text/html" }, body: Buffer.from(refused) }, []);
      return;
    }
    const { path } = parseTarget(request.url ?? "/");
    const cached = found.cache.find(path);
    const result = cached ?? (await fetchFrom({ place, s3 }, found, path));
    if (!cached) found.cache.keep(path, result, found.cachePolicy);
    const outcome = result.status >= 400 ? "Error" : cached ? "Hit" : "Miss";
    const added: [string, string][] = [
      ...addedHeaders(found.headersPolicy, request.headers.origin, result.headers),
      ["x-cache", `${outcome} from cloudfront`],
      ["via", "1.1 local.cloudfront.net (CloudFront)"],
      ["x-amz-cf-id", randomBytes(42).toString("base64url")],
      ...(cached ? [["age", String(cached.age)] satisfies [string, string]] : []),
    ];
    const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim());
    const isKnown = result.status === 200 && known?.includes(result.headers.etag ?? "");
    send(response, method, isKnown ? { ...result, status: 304, body: Buffer.alloc(0) } : result, added);
  };

  return {
    listen: (port: number): Promise<void> =>
      new Promise((resolve, reject) => {
        server = createServer((request, response) => {
          answer(request, response).catch((error: unknown) => {
            announce(`A request to CloudFront failed: ${errorStack(error)}`);
            response.destroy();
          });
        });
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      }),
    close: (): Promise<void> =>
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

const refused =
  "This distribution is not configured to allow the HTTP request method that was used for this request. " +
  "The distribution supports only cachable requests.";

const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

/** Asks the bucket, as the service principal where the origin's access control signs: the bucket's policy decides. */
async function fetchFrom(
  { place, s3 }: Pick<EdgeOptions, "place" | "s3">,
  { distribution, signs }: Deployed,
  path: string,
): Promise<Pick<Kept, "status" | "headers" | "body">> {
  const { accountId } = place;
  const sourceArn = distribution.arn;
  const principal: Principal = signs
    ? { kind: "service", arn: "cloudfront.amazonaws.com", accountId, sourceArn, sourceAccount: accountId }
    : anonymous;
  const { status, headers, body } = await s3.handle({
    service: "s3",
    method: "GET",
    path: `/${distribution.bucket}${path}`,
    query: new URLSearchParams(),
    headers: { host: new URL(place.awsUrl).host },
    body: Readable.from([]),
    principal,
    requestId: randomBytes(8).toString("hex").toUpperCase(),
    secure: true,
  });
  const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body ?? "");
  return { status, headers, body: bytes };
}

function send(
  response: ServerResponse,
  method: string,
  { status, headers, body }: Pick<Kept, "status" | "headers" | "body">,
  added: [string, string][],
): void {
  for (const [name, value] of [...Object.entries(headers), ...added]) response.setHeader(name, value);
  if (status !== 304) response.setHeader("content-length", String(body.length));
  response.writeHead(status).end(method === "HEAD" ? undefined : body);
}
