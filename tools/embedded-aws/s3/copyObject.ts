import type { AwsResponse } from "../http/wireService";
import { authorize, authorizeObject } from "./access";
import type { S3Call } from "./parsedCall";
import { listTime, xmlAnswer } from "./answers";
import { checksumElement, createDigest, defaultAlgorithm, md5Digest, parseAlgorithm, type Checksum } from "./checksums";
import { commitVersion } from "./newVersion";
import { versionHeader } from "./versionHeaders";
import type { S3Context } from "./context";
import { findCopySource, requireSource, sourceVersionHeader, type CopySource } from "./copySource";
import { digestStored } from "./digestStored";
import { encryptionHeaders } from "./encryption";
import { invalidArgument, invalidRequest } from "./errors";
import type { ObjectVersion } from "./objectStore";
import { authorizeWrite, statedMetadata } from "./putObject";
import type { Tags } from "./tags";
import { element } from "./markup";

function isReplaced(call: S3Call, name: string): boolean {
  const value = call.headers[name] ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE") throw invalidArgument("Unknown directive.", name, value);
  return value === "REPLACE";
}

/** Headers that belong to the new object and are never copied. */
const ownHeaders = /^x-amz-(server-side-encryption|storage-class|website-redirect-location)/;

/** Metadata and tags of the copy: the source's, or those of the request when it says REPLACE. */
function metadataOfCopy(
  s3: S3Context,
  call: S3Call,
  source: ObjectVersion,
): { headers: Record<string, string>; tags: Tags } {
  const own = statedMetadata(s3, call);
  const copied = Object.entries(source.headers).filter(([name]) => !ownHeaders.test(name));
  const kept = Object.entries(own.headers).filter(([name]) => ownHeaders.test(name));
  return {
    headers: isReplaced(call, "x-amz-metadata-directive") ? own.headers : Object.fromEntries([...copied, ...kept]),
    tags: isReplaced(call, "x-amz-tagging-directive") ? own.tags : source.tags,
  };
}

function refuseCopyOntoItself(s3: S3Context, call: S3Call, { version, byVersion }: CopySource): void {
  const same = version.bucket === call.bucket && version.key === call.key && !byVersion;
  const changes = ["x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption"];
  const changed =
    isReplaced(call, "x-amz-metadata-directive") ||
    // Also where the bucket says how its objects are encrypted (recorded: test_copy_in_place_with_bucket_encryption).
    s3.buckets.setting(call.bucket, "encryption") !== undefined ||
    changes.some((name) => call.headers[name] !== undefined);
  if (!same || changed) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/**
 * The copy is an object in one piece: its ETag is the MD5 of the whole, and its checksum one of the whole, with the
 * source's algorithm or the one asked for. Those that the source does not have already are computed.
 */
async function digestsOfCopy(
  s3: S3Context,
  call: S3Call,
  source: ObjectVersion,
): Promise<{ etag: string; checksum: Checksum }> {
  const asked = call.headers["x-amz-checksum-algorithm"];
  const algorithm = asked === undefined ? (source.checksum?.algorithm ?? defaultAlgorithm) : parseAlgorithm(asked);
  const { checksum } = source;
  const known = checksum?.algorithm === algorithm && checksum.type === "FULL_OBJECT" ? checksum : undefined;
  const digest = known === undefined ? createDigest(algorithm) : undefined;
  const md5 = source.parts ? md5Digest() : undefined;
  const digests = [md5, digest].filter((wanted) => wanted !== undefined);
  await digestStored(s3, source.segments, { first: 0, length: source.size }, digests);
  const etag = (await md5?.digest()) ?? source.etag;
  return { etag, checksum: known ?? { algorithm, value: (await digest?.digest()) ?? "", type: "FULL_OBJECT" } };
}

/** CopyObject (API_CopyObject.html). The copy shares the source's body files. */
export async function copyObject(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeWrite(s3, call);
  const source = findCopySource(s3, call);
  const { version: original } = source;
  refuseCopyOntoItself(s3, call, source);
  const stated = metadataOfCopy(s3, call, original);
  if (Object.keys(stated.tags).length > 0) authorizeObject(s3, call, "s3:PutObjectTagging");
  if (Object.keys(original.tags).length > 0 && stated.tags === original.tags) {
    const action = source.byVersion ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
    authorize(s3, call, action, { bucket: original.bucket, key: original.key });
  }
  const { etag, checksum } = await digestsOfCopy(s3, call, original);
  const version = commitVersion(
    s3,
    call,
    {
      bucket: call.bucket,
      key: call.key,
      deleteMarker: false,
      size: original.size,
      etag,
      ...stated,
      checksum,
      segments: original.segments,
    },
    "ObjectCreated:Copy",
    { before: () => requireSource(s3, original) },
  );
  return xmlAnswer(
    "CopyObjectResult",
    [
      element("LastModified", listTime(version.modified)),
      element("ETag", `"${etag}"`),
      element(checksumElement(checksum.algorithm), checksum.value),
      element("ChecksumType", checksum.type),
    ],
    { ...versionHeader(s3, version), ...encryptionHeaders(version.headers), ...sourceVersionHeader(original) },
  );
}
