import type { S3Call } from "./parsedCall";
import { authorize, checkOwner, findVersion, requireBucket } from "./access";
import { checkCopySource } from "./conditionalHeaders";
import type { S3Context } from "./context";
import { invalidArgument, invalidRequest, noSuchKey } from "./errors";
import type { ObjectVersion } from "./objectStore";
import { refuseArchived } from "./getObject";
import { nullVersion } from "./versionId";

interface SourceName {
  bucket: string;
  key: string;
  versionId?: string;
}

/**
 * `[/]bucket/key[?versionId=id]`, percent-encoded (API_CopyObject.html). As on AWS a plus is a space, and a whole URL is
 * taken (recorded: test_copy_object_special_character_plus_for_space, test_response_structure).
 */
function parseSource(header: string): SourceName {
  const [url = "", query = ""] = header.split(/\?(?=versionId=[^?]*$)/);
  const path = url.replace(/^https?:\/\/[^/]+\//, "").replaceAll("+", " ");
  const invalid = invalidArgument("Copy Source must mention the source bucket and key", "x-amz-copy-source", header);
  let decoded: string;
  try {
    decoded = decodeURIComponent(path).replace(/^\//, "");
  } catch {
    throw invalid;
  }
  const slash = decoded.indexOf("/");
  if (slash < 0) throw invalidArgument("Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source");
  if (slash < 1 || slash === decoded.length - 1) throw invalid;
  const versionId = new URLSearchParams(query).get("versionId");
  return {
    bucket: decoded.slice(0, slash),
    key: decoded.slice(slash + 1),
    ...(versionId === null ? {} : { versionId }),
  };
}

export interface CopySource {
  version: ObjectVersion;
  /** True when the request names the version: a copy onto itself is then a change. */
  byVersion: boolean;
}

/** Authorises the read of a copy's source and finds it, with its conditions checked. */
export function findCopySource(s3: S3Context, call: S3Call): CopySource {
  const source = parseSource(call.headers["x-amz-copy-source"] ?? "");
  const byVersion = source.versionId !== undefined;
  const context = { "s3:versionid": source.versionId };
  authorize(s3, call, byVersion ? "s3:GetObjectVersion" : "s3:GetObject", source, context);
  requireBucket(s3, source.bucket);
  checkOwner(s3, call.headers["x-amz-source-expected-bucket-owner"]);
  const version = findVersion(s3, call, source);
  if (version.deleteMarker) {
    if (!byVersion) throw noSuchKey(source.key);
    throw invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
  }
  checkCopySource(call.headers, version, s3.now());
  refuseArchived(call, version);
  return { version, byVersion };
}

export const sourceVersionHeader = (source: ObjectVersion): Record<string, string> =>
  source.versionId === nullVersion ? {} : { "x-amz-copy-source-version-id": source.versionId };

/** To be called in the transaction that makes the copy: the source's body may have gone while its bytes were read. */
export function requireSource(s3: S3Context, source: ObjectVersion): void {
  if (!source.segments.every(({ file }) => s3.files.isKnown(file))) throw noSuchKey(source.key);
}
