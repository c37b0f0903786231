import { AwsError } from "../http/awsError";
import {
  checksumAlgorithms,
  checksumElement,
  compositeChecksum,
  defaultAlgorithm,
  fullObjectChecksum,
  givenChecksum,
  type Checksum,
} from "./checksums";
import { badDigest, invalidRequest, malformedXml } from "./errors";
import type { S3Call } from "./parsedCall";
import type { Part, Upload } from "./uploadStore";
import { parseXml } from "./xml";

/** A part as the request names it. */
export interface NamedPart {
  number: number;
  etag: string;
  checksums: Record<string, string>;
}

export function parseParts(text: string, uploadId: string): NamedPart[] {
  if (text === "") throw invalidRequest("You must specify at least one part");
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
  if (parts.length === 0) throw invalidRequest("You must specify at least one part");
  if (parts.some(({ number }) => !Number.isInteger(number))) throw malformedXml();
  if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(
      400,
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
      { UploadId: uploadId },
    );
  }
  return parts;
}

/** "Each part must be at least 5 MB in size, except the last part" (API_CompleteMultipartUpload.html). */
const smallestPart = 5 * 1024 ** 2;

/** The stored parts that a request names, with what it says of each checked. */
export function matchParts(upload: Upload, named: readonly NamedPart[], stored: ReadonlyMap<number, Part>): Part[] {
  return named.map((name, index) => {
    const { number, etag } = name;
    const part = stored.get(number);
    if (part?.etag !== etag) throw missingPart(upload.id, name);
    checkPartChecksums(upload, name, part);
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

function checkPartChecksums(upload: Upload, name: NamedPart, part: Part): void {
  const { number, checksums } = name;
  const own = upload.checksum?.algorithm;
  for (const [algorithm, value] of Object.entries(checksums)) {
    if (own === undefined || (algorithm === own && part.checksum?.value !== value)) throw missingPart(upload.id, name);
    if (algorithm === own) continue;
    const message = `The ${algorithm.toLowerCase()} you specified for part ${number} did not match what we received.`;
    throw new AwsError(400, "BadDigest", message);
  }
  if (own !== undefined && upload.checksum?.type === "COMPOSITE" && checksums[own] === undefined) {
    throw invalidRequest(
      `The upload was created using a ${own.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
}

const missingPart = (uploadId: string, { number, etag }: NamedPart): AwsError =>
  new AwsError(
    400,
    "InvalidPart",
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: uploadId, PartNumber: String(number), ETag: etag },
  );

/** A request that says a type of checksum must say the upload's. */
export function checkChecksumType(call: S3Call, upload: Upload): void {
  const announced = call.headers["x-amz-checksum-type"];
  if (announced === undefined || announced === upload.checksum?.type) return;
  throw invalidRequest(
    `The upload was created using the ${upload.checksum?.type ?? "null"} checksum mode. The complete request must use the same checksum mode.`,
  );
}

/**
 * The object's checksum, made of those of its parts. A request that announces one must also say the type of the upload's,
 * unless that is COMPOSITE. A checksum for an upload without an algorithm is ignored, as on AWS (recorded:
 * test_complete_multipart_parts_checksum_default).
 */
export async function checksumOf(call: S3Call, upload: Upload, parts: readonly Part[]): Promise<Checksum | undefined> {
  const announcedType = call.headers["x-amz-checksum-type"];
  const { algorithm, type } = upload.checksum ?? { algorithm: defaultAlgorithm, type: "FULL_OBJECT" };
  // Parts that an earlier release of this tool stored have none.
  if (parts.some(({ checksum }) => checksum?.algorithm !== algorithm)) return undefined;
  const values = parts.map((part) => ({ value: part.checksum?.value ?? "", size: part.size }));
  const checksum =
    type === "FULL_OBJECT"
      ? fullObjectChecksum(algorithm, values)
      : await compositeChecksum(
          algorithm,
          values.map(({ value }) => value),
        );
  if (upload.checksum === undefined) return checksum;
  const given = givenChecksum(call.headers);
  const matches = given?.value === checksum.value || `${given?.value}-${parts.length}` === checksum.value;
  const holds = given?.algorithm === algorithm && matches && (announcedType ?? "COMPOSITE") === type;
  if (given && !holds) throw badDigest(algorithm.toLowerCase());
  return checksum;
}
