import { AwsError } from "../http/awsError";
import { noSuchKey, preconditionFailed } from "./errors";
import type { ObjectVersion } from "./objectStore";

type Headers = Record<string, string | undefined>;

const entityTags = (header: string): string[] =>
  header.split(",").map((tag) =>
    tag
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1"),
  );
const matches = (header: string, etag: string): boolean =>
  entityTags(header).some((tag) => tag === "*" || tag === etag);

/** HTTP dates count whole seconds. */
const changedSince = (header: string, modified: number): boolean | undefined => {
  const since = Date.parse(header);
  return Number.isNaN(since) ? undefined : Math.floor(modified / 1000) > Math.floor(since / 1000);
};

/**
 * Conditional reads (conditional-reads.html): an ETag condition that is given outweighs the date condition beside it. A
 * date in the future is ignored (recorded: test_s3_get_object_preconditions).
 * @param prefix stands before the names of the conditions in errors
 * @returns whether to answer 304; throws PreconditionFailed
 */
export function notModified(headers: Headers, version: ObjectVersion, now: number, prefix = ""): boolean {
  const ifMatch = headers["if-match"];
  const ifUnmodifiedSince = headers["if-unmodified-since"];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) throw preconditionFailed(`${prefix}If-Match`);
  } else if (ifUnmodifiedSince !== undefined && changedSince(ifUnmodifiedSince, version.modified) === true) {
    throw preconditionFailed(`${prefix}If-Unmodified-Since`);
  }
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version.etag);
  const ifModifiedSince = headers["if-modified-since"];
  if (ifModifiedSince === undefined || Date.parse(ifModifiedSince) > now) return false;
  return changedSince(ifModifiedSince, version.modified) === false;
}

/** The conditions on a copy's source (API_CopyObject.html): one that does not hold is always a 412. */
export function checkCopySource(headers: Headers, source: ObjectVersion, now: number): void {
  const prefix = "x-amz-copy-source-";
  const own = Object.fromEntries(
    ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"].map((name) => [
      name,
      headers[prefix + name],
    ]),
  );
  if (notModified(own, source, now, prefix)) {
    throw preconditionFailed(prefix + (own["if-none-match"] === undefined ? "If-Modified-Since" : "If-None-Match"));
  }
}

/**
 * Conditional writes (conditional-writes.html). `If-None-Match` knows only `*`, and `If-Match` everything but `*`; an
 * `If-Match` on a key without a current version, or whose current version is a delete marker, is a 404.
 */
export function checkWrite(headers: Headers, key: string, current: ObjectVersion | undefined): void {
  checkWriteHeaders(headers);
  if (headers["if-none-match"] !== undefined && current) throw preconditionFailed("If-None-Match");
  checkUnchanged(headers["if-match"], key, current);
}

/** Refuses conditions that S3 does not take on writes (recorded: test_put_object_if_match_validation and its neighbours). */
function checkWriteHeaders(headers: Headers): void {
  const [ifMatch, ifNoneMatch] = [headers["if-match"], headers["if-none-match"]];
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw unsupportedHeader("If-Match,If-None-Match", "Multiple conditional request headers present in the request");
  }
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw unsupportedValue("If-None-Match");
  if (ifMatch === "*") throw unsupportedValue("If-Match");
}

/** Refuses a conditional write whose key was written or deleted since it began, though its condition holds now. */
export function checkUntouched(headers: Headers, key: string, touched: boolean): void {
  const condition = ["If-Match", "If-None-Match"].find((name) => headers[name.toLowerCase()] !== undefined);
  if (condition === undefined || !touched) return;
  throw new AwsError(
    409,
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { Condition: condition, Key: key },
  );
}

/** The `If-Match` of a write or a delete (conditional-deletes.html). */
export function checkUnchanged(ifMatch: string | undefined, key: string, current: ObjectVersion | undefined): void {
  if (ifMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

const unsupportedHeader = (header: string, additionalMessage: string): AwsError =>
  new AwsError(501, "NotImplemented", "A header you provided implies functionality that is not implemented", {
    Header: header,
    additionalMessage,
  });

const unsupportedValue = (header: string): AwsError =>
  unsupportedHeader(header, `We don't accept the provided value of ${header} header for this API`);
