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
 * Conditional reads (conditional-reads.html): an ETag condition that is given outweighs the date condition beside it.
 * @returns whether to answer 304; throws PreconditionFailed
 */
export function notModified(headers: Headers, version: ObjectVersion): boolean {
  const ifMatch = headers["if-match"];
  const ifUnmodifiedSince = headers["if-unmodified-since"];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version.etag)) throw preconditionFailed("If-Match");
  } else if (ifUnmodifiedSince !== undefined && changedSince(ifUnmodifiedSince, version.modified) === true) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, version.etag);
  const ifModifiedSince = headers["if-modified-since"];
  return ifModifiedSince !== undefined && changedSince(ifModifiedSince, version.modified) === false;
}

/** The conditions on a copy's source (API_CopyObject.html): one that does not hold is always a 412. */
export function checkCopySource(headers: Headers, source: ObjectVersion): void {
  const prefix = "x-amz-copy-source-";
  const own = Object.fromEntries(
    ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"].map((name) => [
      name,
      headers[prefix + name],
    ]),
  );
  if (notModified(own, source)) {
    throw preconditionFailed(prefix + (own["if-none-match"] === undefined ? "If-Modified-Since" : "If-None-Match"));
  }
}

/**
 * Conditional writes (conditional-writes.html). `If-None-Match` knows only `*`; an `If-Match` on a key without a current
 * version, or whose current version is a delete marker, is a 404.
 */
export function checkWrite(headers: Headers, key: string, current: ObjectVersion | undefined): void {
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") throw unsupportedHeader("If-None-Match");
    if (current) throw preconditionFailed("If-None-Match");
  }
  checkUnchanged(headers["if-match"], key, current);
}

/** The `If-Match` of a write or a delete (conditional-deletes.html). */
export function checkUnchanged(ifMatch: string | undefined, key: string, current: ObjectVersion | undefined): void {
  if (ifMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

const unsupportedHeader = (header: string): AwsError =>
  new AwsError(501, "NotImplemented", "A header you provided implies functionality that is not implemented", {
    Header: header,
  });
