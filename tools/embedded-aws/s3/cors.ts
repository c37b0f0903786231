import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { emptyAnswer } from "./answers";
import type { S3Context } from "./context";
import { invalidRequest, malformedXml } from "./errors";
import type { S3Call } from "./parsedCall";
import { parseXml, type XmlNode } from "./xml";

const methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/** Checks a CORS document (API_PutBucketCors.html). */
export function checkCors(text: string): void {
  const rules = parseXml(text, "CORSConfiguration").children("CORSRule");
  if (rules.length === 0 || rules.length > 100) throw malformedXml();
  for (const rule of rules) {
    const [allowed, origins] = [texts(rule, "AllowedMethod"), texts(rule, "AllowedOrigin")];
    const unknown = allowed.find((method) => !methods.includes(method));
    if (unknown !== undefined) {
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
    }
    if (allowed.length === 0 || origins.length === 0) throw malformedXml();
  }
}

const texts = (rule: XmlNode, name: string): string[] => rule.children(name).map((node) => node.ownText);

/** A pattern holds at most one `*`. */
function matches(pattern: string, value: string): boolean {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === value;
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after);
}

interface CorsRequest {
  origin: string;
  method: string;
  /** Headers that a preflight asks for, in lower case. */
  headers: string[];
}

/** The headers by which a browser lets a page in, of the first rule that allows the request; undefined when none does. */
function allowed(document: string, { origin, method, headers }: CorsRequest): Record<string, string> | undefined {
  for (const rule of parseXml(document, "CORSConfiguration").children("CORSRule")) {
    const [origins, verbs] = [texts(rule, "AllowedOrigin"), texts(rule, "AllowedMethod")];
    const patterns = texts(rule, "AllowedHeader").map((pattern) => pattern.toLowerCase());
    const fits =
      verbs.includes(method) &&
      origins.some((pattern) => matches(pattern, origin)) &&
      headers.every((name) => patterns.some((pattern) => matches(pattern, name)));
    if (!fits) continue;
    const anyone = origins.includes("*");
    const [exposed, age] = [texts(rule, "ExposeHeader"), rule.text("MaxAgeSeconds")];
    return {
      "access-control-allow-origin": anyone ? "*" : origin,
      "access-control-allow-methods": verbs.join(", "),
      ...(headers.length > 0 ? { "access-control-allow-headers": headers.join(", ") } : {}),
      ...(exposed.length > 0 ? { "access-control-expose-headers": exposed.join(", ") } : {}),
      ...(age === undefined ? {} : { "access-control-max-age": age }),
      ...(anyone ? {} : { "access-control-allow-credentials": "true" }),
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    };
  }
  return undefined;
}

/** Headers of the answer to a request with an `Origin`; none where no rule allows it. */
export function corsHeaders(s3: S3Context, call: S3Call): Record<string, string> {
  const { origin } = call.request.headers;
  const document = s3.buckets.setting(call.bucket, "cors");
  if (origin === undefined || document === undefined || document === "") return {};
  return allowed(document, { origin, method: call.request.method, headers: [] }) ?? {};
}

/** A preflight request (RESTOPTIONSobject.html): anybody may ask, and nothing is done. */
export function preflight(s3: S3Context, call: S3Call): AwsResponse {
  const { origin } = call.headers;
  if (origin === undefined) {
    throw new AwsError(400, "BadRequest", "Insufficient information. Origin request header needed.");
  }
  const asked = call.headers["access-control-request-method"];
  const forbidden = (message: string, ResourceType: string): AwsError =>
    new AwsError(403, "AccessForbidden", `CORSResponse: ${message}`, { Method: asked ?? "OPTIONS", ResourceType });
  if (!s3.buckets.find(call.bucket)) throw forbidden("Bucket not found", "BUCKET");
  const document = s3.buckets.setting(call.bucket, "cors");
  if (document === undefined || document === "") throw forbidden("CORS is not enabled for this bucket.", "BUCKET");
  if (asked === undefined) {
    throw new AwsError(400, "BadRequest", "Invalid Access-Control-Request-Method: null");
  }
  const headers = (call.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const answer = allowed(document, { origin, method: asked, headers });
  if (answer) return emptyAnswer(200, answer);
  throw forbidden(
    "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    call.key === "" ? "BUCKET" : "OBJECT",
  );
}
