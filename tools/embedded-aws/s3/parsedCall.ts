import type { AwsRequest } from "../http/wireService";
import { AwsError } from "../http/awsError";
import { invalidArgument } from "./errors";

/** One request to S3, taken apart. */
export interface S3Call {
  request: AwsRequest;
  /** Decoded; empty for requests about the account. */
  bucket: string;
  /** Decoded; empty for requests about a bucket. */
  key: string;
  query: URLSearchParams;
  /** Request headers, with those that a presigned URL carries in its query. */
  headers: Record<string, string | undefined>;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError(400, "InvalidURI", "Couldn't parse the specified URI.", { URI: text });
  }
};

/**
 * Presigned URLs carry `x-amz-` headers and conditions in the query. Checksums among them are ignored: "Amazon S3 presigned URLs don't
 * support … data-integrity checksum algorithms … when you upload objects" (using-presigned-url.html); the SDK for
 * JavaScript puts there that of an empty body.
 */
function headersOf(request: AwsRequest): S3Call["headers"] {
  if (!request.query.has("X-Amz-Signature")) return request.headers;
  const headers = { ...request.headers };
  for (const [parameter, value] of request.query) {
    const name = /^if-(none-)?match$/i.test(parameter) ? parameter.toLowerCase() : parameter;
    const isHeader = /^(x-amz-|if-)/.test(name) && !/^x-amz-(sdk-)?checksum-/.test(name);
    if (isHeader && headers[name] === undefined) headers[name] = value;
  }
  return headers;
}

/** Takes a path-style request apart. Throws InvalidURI or KeyTooLongError. */
export function parseCall(request: AwsRequest): S3Call {
  const slash = request.path.indexOf("/", 1);
  const bucket = decode(slash < 0 ? request.path.slice(1) : request.path.slice(1, slash));
  const key = slash < 0 ? "" : decode(request.path.slice(slash + 1));
  checkKeyLength(key);
  return { request, bucket, key, query: request.query, headers: headersOf(request) };
}

/** "The name for a key is a sequence of Unicode characters whose UTF-8 encoding is at most 1,024 bytes long" (object-keys.html). */
export function checkKeyLength(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024) {
    throw new AwsError(400, "KeyTooLongError", "Your key is too long", { Size: String(size), MaxSizeAllowed: "1024" });
  }
}

/** A whole number of a header. */
export function headerNumber(headers: S3Call["headers"], name: string, fallback: number): number {
  const text = headers[name];
  if (text === undefined || text === "") return fallback;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
}

/** A whole number of the query, as `max-keys`. */
export function numberParameter(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === "") return fallback;
  if (!/^\d{1,10}$/.test(text)) {
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  }
  return Math.min(Number(text), fallback);
}
