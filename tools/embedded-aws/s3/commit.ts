import type { S3Call } from "./call";
import { checksumHeader, type Checksum } from "./checksums";
import { checkWrite } from "./conditions";
import { change, type S3Context } from "./context";
import { encryptionHeaders } from "./encryption";
import { notify, type EventName } from "./notifications";
import { nullVersion, type ObjectVersion, type VersionContent } from "./objectStore";

/**
 * Makes an object the current version of its key: the conditions of the request, the object and its event are one
 * transaction. `before` and `after` run inside it: once the conditions held, and once the object is in the store.
 */
export function commitVersion(
  s3: S3Context,
  call: S3Call,
  content: VersionContent,
  event: EventName,
  { before, after }: { before?: () => void; after?: () => void } = {},
): ObjectVersion {
  return change(s3, () => {
    const { bucket, key } = content;
    checkWrite(call.headers, key, s3.objects.current(bucket, key));
    before?.();
    const versioned = s3.buckets.versioning(bucket) === "Enabled";
    const version = s3.objects.add(content, { versioned, modified: s3.now() });
    notify(s3, call, event, version);
    after?.();
    return version;
  });
}

/** `x-amz-version-id` is left out of answers about a bucket that never had versioning. */
export const versionHeader = (s3: S3Context, version: ObjectVersion): Record<string, string> =>
  version.versionId === nullVersion && s3.buckets.versioning(version.bucket) === undefined
    ? {}
    : { "x-amz-version-id": version.versionId };

export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type } : {};

/** The headers with which an upload of any kind is answered. */
export const uploadHeaders = (s3: S3Context, version: ObjectVersion): Record<string, string> => ({
  etag: `"${version.etag}"`,
  ...versionHeader(s3, version),
  ...encryptionHeaders(version.headers),
  ...checksumHeaders(version.checksum),
});
