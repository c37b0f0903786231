import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import { refuseAcl } from "./acl";
import type { S3Call } from "./parsedCall";
import { emptyAnswer } from "./answers";
import { commitVersion } from "./newVersion";
import { uploadHeaders } from "./versionHeaders";
import type { S3Context } from "./context";
import { defaultAlgorithm } from "./checksums";
import { encryptedEtag, encryptionOf } from "./encryption";
import { decodeWord } from "./mailSafe";
import { metadataOf } from "./metadata";
import { receiveBody } from "./requestBody";
import { parseTagHeader, type Tags } from "./tags";

/**
 * Authorises whatever makes a new object: `s3:PutObject`, `s3:PutObjectTagging` when it brings tags, and `s3:GetObject`
 * when it compares an ETag ("you must have … s3:GetObject for If-Match", conditional-writes.html).
 */
export function authorizeWrite(s3: S3Context, call: S3Call): void {
  const { headers } = call;
  authorizeObject(s3, call, "s3:PutObject", {
    "s3:x-amz-acl": headers["x-amz-acl"],
    "s3:x-amz-copy-source": headers["x-amz-copy-source"],
    "s3:x-amz-server-side-encryption": headers["x-amz-server-side-encryption"],
    "s3:x-amz-storage-class": headers["x-amz-storage-class"],
    "s3:if-match": headers["if-match"],
    "s3:if-none-match": headers["if-none-match"],
  });
  if (headers["x-amz-tagging"] !== undefined) authorizeObject(s3, call, "s3:PutObjectTagging");
  if (headers["if-match"] !== undefined) authorizeObject(s3, call, "s3:GetObject");
}

/** Reads the headers of a new object: metadata with encryption, and tags. Refuses access control lists. */
export function statedMetadata(
  s3: S3Context,
  call: S3Call,
  read = decodeWord,
): { headers: Record<string, string>; tags: Tags } {
  refuseAcl(s3, call.bucket, call.headers);
  return {
    headers: { ...metadataOf(call.headers, read), ...encryptionOf(s3, call.bucket, call.headers) },
    tags: parseTagHeader(call.headers["x-amz-tagging"]),
  };
}

/** PutObject (API_PutObject.html). */
export async function putObject(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeWrite(s3, call);
  const stated = statedMetadata(s3, call);
  const received = await receiveBody(s3, call, { algorithm: defaultAlgorithm });
  try {
    const version = commitVersion(
      s3,
      call,
      {
        bucket: call.bucket,
        key: call.key,
        deleteMarker: false,
        size: received.size,
        etag: encryptedEtag(received.md5, stated.headers),
        ...stated,
        ...(received.checksum ? { checksum: received.checksum } : {}),
        segments: [{ file: received.file, offset: 0, length: received.size }],
      },
      "ObjectCreated:Put",
    );
    return emptyAnswer(200, uploadHeaders(s3, version));
  } catch (error) {
    await s3.bodies.discard(received.file);
    throw error;
  }
}
