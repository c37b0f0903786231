import type { ParsedRequest } from "./parsedRequest";
import { percentDecode, percentEncode, percentEncodePath } from "./percentEncoding";

/**
 * The canonical request of Signature Version 4. Headers and URLs come as Node's HTTP parser gives them: one character
 * per byte (latin1), so that bytes above 127 are signed as they were sent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
interface CanonicalParts extends Omit<ParsedRequest, "query"> {
  /** Lower case, in the order in which the client lists them. */
  signedHeaders: string[];
  payloadHash: string;
  /** S3 signs the path as it is sent; every other service encodes it once more. */
  service: string;
}

export function canonicalRequest(parts: CanonicalParts): string {
  return [
    parts.method,
    parts.service === "s3" ? canonicalS3Path(parts.path) : canonicalPath(parts.path),
    canonicalQuery(parts.rawQuery),
    ...parts.signedHeaders.map((name) => `${name}:${canonicalHeaderValue(parts.headers[name] ?? "")}`),
    "",
    parts.signedHeaders.join(";"),
    parts.payloadHash,
  ].join("\n");
}

function canonicalHeaderValue(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}

/** Of the decoded path: an encoded slash is one like every other (recorded: test_pre_signed_url_forward_slash_bucket). */
function canonicalS3Path(path: string): string {
  return percentEncodePath(percentDecode(path)) || "/";
}

function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(percentEncode(Buffer.from(segment, "latin1")));
  }
  const trailingSlash = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${trailingSlash}`;
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => {
      const equals = parameter.indexOf("=");
      const name = equals < 0 ? parameter : parameter.slice(0, equals);
      const value = equals < 0 ? "" : parameter.slice(equals + 1);
      return [reencodeQuery(name), reencodeQuery(value)] as const;
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const reencodeQuery = (text: string): string => percentEncode(percentDecode(text.replace(/\+/g, "%20")));
