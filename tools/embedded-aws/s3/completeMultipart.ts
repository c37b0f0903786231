import { createHash } from "node:crypto";
import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import { xmlAnswer } from "./answers";
import { checksumElement, type Checksum } from "./checksums";
import type { Completed } from "./completedUploads";
import { checkUntouched } from "./conditionalHeaders";
import type { S3Context } from "./context";
import { encryptionHeaders } from "./encryption";
import { invalidRequest } from "./errors";
import { element } from "./markup";
import { findUpload } from "./multipart";
import { checkChecksumType, checksumOf, matchParts, parseParts, type NamedPart } from "./multipartParts";
import { commitVersion } from "./newVersion";
import type { S3Call } from "./parsedCall";
import { receiveText } from "./requestBody";
import type { Part, Upload } from "./uploadStore";
import { newVersionHeader } from "./versionHeaders";

/** "The ETag of an object uploaded in parts is not an MD5 digest": the MD5 of the parts' MD5s, and their number. */
function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(Buffer.from(part.etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

function checkSize(call: S3Call, size: number): void {
  const expected = call.headers["x-amz-mp-object-size"];
  if (expected === undefined || Number(expected) === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
  );
}

/** CompleteMultipartUpload (API_CompleteMultipartUpload.html). The object consists of the parts' files; no byte is copied. */
export async function completeMultipartUpload(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeObject(s3, call, "s3:PutObject", {
    "s3:if-match": call.headers["if-match"],
    "s3:if-none-match": call.headers["if-none-match"],
  });
  if (call.headers["if-match"] !== undefined) authorizeObject(s3, call, "s3:GetObject");
  const text = await receiveText(call);
  const before = s3.completed.find(call.query.get("uploadId") ?? "", call.bucket, call.key);
  if (before && sameParts(parseParts(text, before.id), before.parts)) return answer(s3, call, before);
  const upload = findUpload(s3, call);
  return answer(s3, call, await complete(s3, call, upload, parseParts(text, upload.id)));
}

/** AWS completes again what a client that lost the answer asks for again (ceph/s3-tests: test_multipart_upload). */
const sameParts = (named: readonly NamedPart[], before: Completed["parts"]): boolean =>
  named.length === before.length &&
  named.every(({ number, etag }, index) => number === before[index]?.number && etag === before[index].etag);

async function complete(s3: S3Context, call: S3Call, upload: Upload, named: readonly NamedPart[]): Promise<Completed> {
  const storedParts = (): Part[] => {
    const stored = s3.uploads.parts(findUpload(s3, call).id).map((part) => [part.number, part] as const);
    return matchParts(upload, named, new Map(stored));
  };
  checkChecksumType(call, upload);
  const checksum = await checksumOf(call, upload, storedParts());
  // A part that was sent again meanwhile has other files, but by its ETag the same bytes.
  const parts = storedParts();
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(call, size);
  const shown = (part: Part): { checksum?: Checksum } =>
    upload.checksum && part.checksum ? { checksum: part.checksum } : {};
  const content = {
    bucket: call.bucket,
    key: call.key,
    deleteMarker: false,
    size,
    etag: multipartEtag(parts),
    headers: upload.headers,
    tags: upload.tags,
    ...(checksum ? { checksum } : {}),
    parts: parts.map((part) => ({ number: part.number, size: part.size, ...shown(part) })),
    segments: parts.flatMap((part) => part.segments),
  };
  let completed: Completed | undefined;
  commitVersion(s3, call, content, "ObjectCreated:CompleteMultipartUpload", {
    before: () => {
      findUpload(s3, call); // Another request may have ended it meanwhile.
      checkUntouched(call.headers, call.key, s3.uploads.isTouched(upload.id));
    },
    after: (version) => {
      const headers = { ...newVersionHeader(version), ...encryptionHeaders(version.headers) };
      const named = parts.map(({ number, etag }) => ({ number, etag }));
      completed = { id: upload.id, bucket: call.bucket, key: call.key, parts: named, etag: content.etag, headers };
      if (checksum) completed.checksum = checksum;
      s3.completed.add(completed, s3.now());
      s3.uploads.remove(upload.id);
    },
  });
  if (completed === undefined) throw new Error("a committed upload has a result");
  return completed;
}

function answer(s3: S3Context, call: S3Call, { etag, checksum, headers }: Completed): AwsResponse {
  return xmlAnswer(
    "CompleteMultipartUploadResult",
    [
      element("Location", `${s3.place.awsUrl}${call.request.path}`),
      element("Bucket", call.bucket),
      element("Key", call.key),
      element("ETag", `"${etag}"`),
      checksum && element(checksumElement(checksum.algorithm), checksum.value),
      checksum && element("ChecksumType", checksum.type),
    ],
    headers,
  );
}
