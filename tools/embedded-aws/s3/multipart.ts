import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer, xmlAnswer } from "./answers";
import { defaultAlgorithm, noFullObject, parseAlgorithm, type Checksum, type ChecksumType } from "./checksums";
import { checksumHeaders } from "./versionHeaders";
import { change, type S3Context } from "./context";
import { invalidArgument, invalidRequest, noSuchUpload } from "./errors";
import { encryptionHeaders } from "./encryption";
import { authorizeWrite, statedMetadata } from "./putObject";
import { receiveBody, type Received } from "./requestBody";
import type { Upload } from "./uploadStore";
import { element } from "./markup";

/**
 * The checksum that a new upload asks for. Without a type, CRC-64/NVME is of the whole object and every other one is
 * composite; SHA checksums can only be composite (checking-object-integrity-upload.html).
 */
function requestedChecksum(call: S3Call): Upload["checksum"] {
  const name = call.headers["x-amz-checksum-algorithm"];
  const type = call.headers["x-amz-checksum-type"]?.toUpperCase();
  if (name === undefined) {
    if (type !== undefined)
      throw invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    return undefined;
  }
  const algorithm = parseAlgorithm(name);
  const usual: ChecksumType = algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
  if (type === undefined) return { algorithm, type: usual };
  if (type !== "FULL_OBJECT" && type !== "COMPOSITE") {
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  if (type === "FULL_OBJECT" && algorithm.startsWith("SHA")) throw noFullObject(algorithm);
  if (type === "COMPOSITE" && algorithm === "CRC64NVME") {
    throw invalidRequest("The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.");
  }
  return { algorithm, type };
}

/** CreateMultipartUpload (API_CreateMultipartUpload.html). */
export function createMultipartUpload(s3: S3Context, call: S3Call): AwsResponse {
  authorizeWrite(s3, call);
  const checksum = requestedChecksum(call);
  const stated = statedMetadata(s3, call);
  const { bucket, key } = call;
  const id = change(s3, () =>
    s3.uploads.create({ bucket, key, created: s3.now(), ...stated, ...(checksum ? { checksum } : {}) }),
  );
  return xmlAnswer(
    "InitiateMultipartUploadResult",
    [element("Bucket", bucket), element("Key", key), element("UploadId", id)],
    {
      ...encryptionHeaders(stated.headers),
      ...(checksum ? { "x-amz-checksum-algorithm": checksum.algorithm, "x-amz-checksum-type": checksum.type } : {}),
    },
  );
}

/** The upload that the call names; it must be one of the call's own key. */
export function findUpload(s3: S3Context, call: S3Call): Upload {
  const id = call.query.get("uploadId") ?? "";
  const upload = s3.uploads.find(id, call.bucket, call.key);
  if (!upload) throw noSuchUpload(id);
  return upload;
}

export function partNumberOf(call: S3Call): number {
  const text = call.query.get("partNumber") ?? "";
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
}

/**
 * Makes received bytes a part, unless the upload ended meanwhile. An upload that was created without an algorithm keeps
 * the default checksum of each part, and makes the object's of them.
 */
function keepPart(s3: S3Context, call: S3Call, number: number, received: Received): void {
  const { defaultChecksum: value } = received;
  const checksum: Checksum | undefined =
    value === undefined ? received.checksum : { algorithm: defaultAlgorithm, value, type: "FULL_OBJECT" };
  change(s3, () => {
    const upload = findUpload(s3, call);
    s3.uploads.setPart(upload.id, {
      number,
      size: received.size,
      etag: received.md5,
      ...(checksum ? { checksum } : {}),
      modified: s3.now(),
      segments: [{ file: received.file, offset: 0, length: received.size }],
    });
  });
}

/** UploadPart (API_UploadPart.html). */
export async function uploadPart(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeObject(s3, call, "s3:PutObject");
  const number = partNumberOf(call);
  const upload = findUpload(s3, call);
  const wanted = upload.checksum ? { algorithm: upload.checksum.algorithm } : { withDefault: true };
  const received = await receiveBody(s3, call, wanted);
  try {
    const algorithm = received.checksum?.algorithm;
    if (upload.checksum && algorithm !== upload.checksum.algorithm) {
      throw invalidRequest(
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksum.algorithm.toLowerCase()}, actual checksum Type: ${(algorithm ?? "null").toLowerCase()}`,
      );
    }
    keepPart(s3, call, number, received);
  } catch (error) {
    await s3.bodies.discard(received.file);
    throw error;
  }
  const headers = checksumHeaders(received.checksum);
  delete headers["x-amz-checksum-type"];
  return emptyAnswer(200, { etag: `"${received.md5}"`, ...encryptionHeaders(upload.headers), ...headers });
}

/** AbortMultipartUpload (API_AbortMultipartUpload.html). */
export function abortMultipartUpload(s3: S3Context, call: S3Call): AwsResponse {
  authorizeObject(s3, call, "s3:AbortMultipartUpload");
  change(s3, () => s3.uploads.remove(findUpload(s3, call).id));
  return emptyAnswer(204);
}
