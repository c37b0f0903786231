import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorize, authorizeObject, findVersion, versionOf } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer } from "./answers";
import { checksumHeaders, versionHeader } from "./versionHeaders";
import { notModified } from "./conditionalHeaders";
import type { S3Context } from "./context";
import { invalidArgument, invalidRequest, methodNotAllowed, noSuchKey } from "./errors";
import type { Checksum } from "./checksums";
import type { ObjectVersion, StoredPart } from "./objectStore";
import { refuseEncryption } from "./encryption";
import { expirationHeader } from "./lifecycleRules";
import { mailSafe } from "./mailSafe";
import { parseRange, type ByteRange } from "./ranges";

const overrides: Record<string, string> = {
  "response-cache-control": "cache-control",
  "response-content-disposition": "content-disposition",
  "response-content-encoding": "content-encoding",
  "response-content-language": "content-language",
  "response-content-type": "content-type",
  "response-expires": "expires",
};

/** "You must sign the request … when you use these parameters" (API_GetObject.html, overriding response headers). */
function overriddenHeaders(call: S3Call): Record<string, string> {
  const given = Object.entries(overrides).filter(([parameter]) => call.query.has(parameter));
  if (given.length > 0 && call.request.principal.kind === "anonymous") {
    throw invalidRequest("Request specific response headers cannot be used for anonymous GET requests.");
  }
  return Object.fromEntries(given.map(([parameter, header]) => [header, call.query.get(parameter) ?? ""]));
}

/** Authorises a read of the call's object and finds it; delete markers are answered as the page "Working with delete markers" (DeleteMarker.html) says. */
export function findReadable(s3: S3Context, call: S3Call): ObjectVersion {
  const versionId = versionOf(call);
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  authorizeObject(s3, call, action, { "s3:versionid": versionId });
  const version = findVersion(s3, call, { bucket: call.bucket, key: call.key, versionId });
  if (!version.deleteMarker) return version;
  const markerHeaders = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  if (versionId === undefined) authorize(s3, call, "s3:ListBucket", { bucket: call.bucket });
  throw new MarkerError(
    versionId === undefined ? noSuchKey(call.key) : methodNotAllowed(call.request.method, "DeleteMarker"),
    versionId === undefined
      ? markerHeaders
      : { ...markerHeaders, allow: "DELETE", "last-modified": utc(version.modified) },
  );
}

const utc = (milliseconds: number): string => new Date(milliseconds).toUTCString();

/** The error about a delete marker, whose answer says so in headers as well. */
export class MarkerError extends AwsError {
  constructor(
    error: AwsError,
    readonly headers: Record<string, string>,
  ) {
    super(error.status, error.code, error.message, error.details);
  }
}

/** The bytes of the object that are answered: all of them, a range, or a part (206). */
interface Selection {
  range?: ByteRange;
  part?: StoredPart;
  partHeaders: Record<string, string>;
}

function select(call: S3Call, version: ObjectVersion): Selection {
  const number = call.query.get("partNumber");
  const range = call.headers.range;
  if (number === null) {
    const parsed = parseRange(range, version.size);
    return parsed ? { range: parsed, partHeaders: {} } : { partHeaders: {} };
  }
  if (range !== undefined) throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  if (!/^[1-9]\d{0,4}$/.test(number)) {
    throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", number);
  }
  const parts = version.parts ?? [{ number: 1, size: version.size }];
  const index = Number(number) - 1;
  const part = parts[index];
  if (!part) {
    throw new AwsError(416, "InvalidPartNumber", "The requested partnumber is not satisfiable", {
      PartNumberRequested: number,
      ActualPartCount: String(parts.length),
    });
  }
  const first = parts.slice(0, index).reduce((sum, earlier) => sum + earlier.size, 0);
  const partHeaders: Record<string, string> = version.parts ? { "x-amz-mp-parts-count": String(parts.length) } : {};
  const chosen = version.parts ? { part } : {};
  if (part.size === 0) return { ...chosen, partHeaders };
  return { ...chosen, range: { first, last: first + part.size - 1 }, partHeaders };
}

/** The checksum of what is answered: the object's, also for a range of all its bytes, or a part's where it is composite; none of a stretch. */
function selectedChecksum(version: ObjectVersion, { range, part }: Selection): Checksum | undefined {
  const composite = version.checksum?.type === "COMPOSITE";
  if (part && composite) return part.checksum && { ...part.checksum, type: "COMPOSITE" };
  const whole = range === undefined || range.last - range.first + 1 === version.size;
  return whole ? version.checksum : undefined;
}

/** An archived object can be described, but not read or copied. It cannot be restored here. */
export function refuseArchived(call: S3Call, { headers }: ObjectVersion): void {
  const storageClass = headers["x-amz-storage-class"] ?? "STANDARD";
  if (call.request.method === "HEAD" || !["GLACIER", "DEEP_ARCHIVE"].includes(storageClass)) return;
  throw new AwsError(403, "InvalidObjectState", "The operation is not valid for the object's storage class", {
    StorageClass: storageClass,
  });
}

/** GetObject and HeadObject (API_GetObject.html, API_HeadObject.html). */
export async function getObject(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  refuseEncryption(call.headers);
  const version = findReadable(s3, call);
  const headers: Record<string, string> = {
    ...mailSafe(version.headers),
    ...overriddenHeaders(call),
    "accept-ranges": "bytes",
    "last-modified": utc(version.modified),
    etag: `"${version.etag}"`,
    ...versionHeader(s3, version),
  };
  if (notModified(call.headers, version, s3.now())) {
    return emptyAnswer(
      304,
      Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("content-"))),
    );
  }
  refuseArchived(call, version);
  if (!call.query.has("versionId")) {
    Object.assign(headers, expirationHeader(s3.buckets.setting(call.bucket, "lifecycle"), version));
  }
  const tags = Object.keys(version.tags).length;
  if (tags > 0) headers["x-amz-tagging-count"] = String(tags);
  const selection = select(call, version);
  const { range, partHeaders } = selection;
  Object.assign(headers, partHeaders);
  if (call.headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED") {
    Object.assign(headers, checksumHeaders(selectedChecksum(version, selection)));
  }
  const first = range?.first ?? 0;
  const length = range ? range.last - first + 1 : version.size;
  headers["content-length"] = String(length);
  if (range) headers["content-range"] = `bytes ${first}-${range.last}/${version.size}`;
  const status = range ? 206 : 200;
  if (call.request.method === "HEAD") return { status, headers };
  return { status, headers, body: await s3.bodies.read(version.segments, first, length) };
}
