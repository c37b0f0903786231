import { createHash } from "node:crypto";
import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorizeObject } from "./access";
import type { S3Call } from "./parsedCall";
import { xmlAnswer } from "./answers";
import {
  checksumAlgorithms,
  checksumElement,
  compositeChecksum,
  fullObjectChecksum,
  givenChecksum,
  type Checksum,
} from "./checksums";
import { commitVersion } from "./newVersion";
import { versionHeader } from "./versionHeaders";
import type { S3Context } from "./context";
import { encryptionHeaders } from "./encryption";
import { badDigest, invalidRequest, malformedXml } from "./errors";
import { findUpload, missingPart } from "./multipart";
import { receiveText } from "./requestBody";
import type { Part, Upload } from "./uploadStore";
import { parseXml } from "./xml";
import { element } from "./markup";

/** A part as the request names it. */
interface NamedPart {
  number: number;
  etag: string;
  checksums: Record<string, string>;
}

function parseParts(text: string): NamedPart[] {
  const parts = parseXml(text, "CompleteMultipartUpload")
    .children("Part")
    .map((node) => ({
      number: Number(node.text("PartNumber")),
      etag: (node.text("ETag") ?? "").replace(/^"(.*)"$/, "$1"),
      checksums: Object.fromEntries(
        checksumAlgorithms.flatMap((algorithm) => {
          const value = node.text(checksumElement(algorithm));
          return value === undefined ? [] : [[algorithm, value] as const];
        }),
      ),
    }));
  if (parts.length === 0 || parts.some(({ number }) => !Number.isInteger(number))) throw malformedXml();
  if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(
      400,
      "InvalidPartOrder",
      "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
    );
  }
  return parts;
}

/** "Each part must be at least 5 MB in size, except the last part" (API_CompleteMultipartUpload.html). */
const smallestPart = 5 * 1024 ** 2;

function matchParts(upload: Upload, named: readonly NamedPart[], stored: ReadonlyMap<number, Part>): Part[] {
  return named.map(({ number, etag, checksums }, index) => {
    const part = stored.get(number);
    if (part?.etag !== etag) throw missingPart();
    for (const [algorithm, value] of Object.entries(checksums)) {
      if (part.checksum?.algorithm === algorithm && part.checksum.value !== value) throw missingPart();
    }
    if (upload.checksum?.type === "COMPOSITE" && checksums[upload.checksum.algorithm] === undefined) {
      throw invalidRequest(
        `The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    if (part.size < smallestPart && index < named.length - 1) {
      throw new AwsError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        ETag: etag,
        MinSizeAllowed: String(smallestPart),
        ProposedSize: String(part.size),
        PartNumber: String(number),
      });
    }
    return part;
  });
}

/** The object's checksum, which must be the one that the request announces, if it does. */
function checksumOf(call: S3Call, upload: Upload, parts: readonly Part[]): Checksum | undefined {
  if (!upload.checksum) return undefined;
  const { algorithm, type } = upload.checksum;
  const values = parts.map((part) => ({ value: part.checksum?.value ?? "", size: part.size }));
  const checksum =
    type === "FULL_OBJECT"
      ? fullObjectChecksum(algorithm, values)
      : compositeChecksum(
          algorithm,
          values.map(({ value }) => value),
        );
  const given = givenChecksum(call.headers);
  const matches = given?.value === checksum.value || `${given?.value}-${parts.length}` === checksum.value;
  if (given && !(given.algorithm === algorithm && matches)) throw badDigest(algorithm);
  return checksum;
}

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
  const named = parseParts(await receiveText(call));
  const upload = findUpload(s3, call);
  const stored = new Map(s3.uploads.parts(upload.id).map((part) => [part.number, part]));
  const parts = matchParts(upload, named, stored);
  const checksum = checksumOf(call, upload, parts);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(call, size);
  const version = commitVersion(
    s3,
    call,
    {
      bucket: call.bucket,
      key: call.key,
      deleteMarker: false,
      size,
      etag: multipartEtag(parts),
      headers: upload.headers,
      tags: upload.tags,
      ...(checksum ? { checksum } : {}),
      parts: parts.map((part) => ({
        number: part.number,
        size: part.size,
        ...(part.checksum ? { checksum: part.checksum } : {}),
      })),
      segments: parts.flatMap((part) => part.segments),
    },
    "ObjectCreated:CompleteMultipartUpload",
    { after: () => s3.uploads.remove(upload.id) },
  );
  return xmlAnswer(
    "CompleteMultipartUploadResult",
    [
      element("Location", `${s3.place.awsUrl}${call.request.path}`),
      element("Bucket", call.bucket),
      element("Key", call.key),
      element("ETag", `"${version.etag}"`),
      checksum && element(checksumElement(checksum.algorithm), checksum.value),
      checksum && element("ChecksumType", checksum.type),
    ],
    { ...versionHeader(s3, version), ...encryptionHeaders(version.headers) },
  );
}
