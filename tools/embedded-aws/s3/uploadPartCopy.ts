import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import { clip } from "./bodyFiles";
import type { S3Call } from "./parsedCall";
import { listTime, xmlAnswer } from "./answers";
import { checksumElement, createDigest, defaultAlgorithm, md5Digest, type Checksum } from "./checksums";
import { change, type S3Context } from "./context";
import { findCopySource, requireSource, sourceVersionHeader } from "./copySource";
import { digestStored } from "./digestStored";
import { encryptionHeaders } from "./encryption";
import { invalidArgument, invalidRequest } from "./errors";
import { findUpload, partNumberOf } from "./multipart";
import { element } from "./markup";

/** `x-amz-copy-source-range` is always `bytes=first-last`, both within the source (API_UploadPartCopy.html). */
function sourceRange(header: string | undefined, size: number): { first: number; length: number } {
  if (header === undefined) return { first: 0, length: size };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  if (!match || last < first) {
    throw invalidArgument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      "x-amz-copy-source-range",
      header,
    );
  }
  if (first >= size) throw invalidRequest("The specified copy range is invalid for the source object size");
  if (last >= size) {
    const message = `Range specified is not valid for source object of size: ${size}`;
    throw invalidArgument(message, "x-amz-copy-source-range", header);
  }
  return { first, length: last - first + 1 };
}

/** UploadPartCopy (API_UploadPartCopy.html). The part shares the source's body files; its bytes are read once, for its ETag. */
export async function uploadPartCopy(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeObject(s3, call, "s3:PutObject", { "s3:x-amz-copy-source": call.headers["x-amz-copy-source"] });
  const number = partNumberOf(call);
  const upload = findUpload(s3, call);
  const { version } = findCopySource(s3, call);
  const range = sourceRange(call.headers["x-amz-copy-source-range"], version.size);
  const algorithm = upload.checksum?.algorithm ?? defaultAlgorithm;
  const md5 = md5Digest();
  const digest = createDigest(algorithm);
  await digestStored(s3, version.segments, range, [md5, digest]);
  const etag = await md5.digest();
  const checksum: Checksum = { algorithm, value: await digest.digest(), type: "FULL_OBJECT" };
  const modified = s3.now();
  change(s3, () => {
    requireSource(s3, version);
    s3.uploads.setPart(findUpload(s3, call).id, {
      number,
      size: range.length,
      etag,
      checksum,
      modified,
      segments: clip(version.segments, range.first, range.length),
    });
  });
  return xmlAnswer(
    "CopyPartResult",
    [
      element("LastModified", listTime(modified)),
      element("ETag", `"${etag}"`),
      upload.checksum && element(checksumElement(algorithm), checksum.value),
    ],
    { ...encryptionHeaders(upload.headers), ...sourceVersionHeader(version) },
  );
}
