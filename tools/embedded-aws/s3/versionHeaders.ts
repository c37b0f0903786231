import { checksumHeader, type Checksum } from "./checksums";
import type { S3Context } from "./context";
import { expirationHeader } from "./lifecycleRules";
import { encryptionHeaders } from "./encryption";
import type { ObjectVersion } from "./objectStore";
import { nullVersion } from "./versionId";

/** A write is answered without a version id while versioning is suspended (recorded: test_put_object_on_suspended_bucket). */
export const newVersionHeader = ({ versionId }: ObjectVersion): Record<string, string> =>
  versionId === nullVersion ? {} : { "x-amz-version-id": versionId };

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
  ...newVersionHeader(version),
  ...encryptionHeaders(version.headers),
  ...checksumHeaders(version.checksum),
  ...expirationHeader(s3.buckets.setting(version.bucket, "lifecycle"), version),
});
