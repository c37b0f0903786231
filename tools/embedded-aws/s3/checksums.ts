import { createHash } from "node:crypto";
import { createChecksum, type ChecksumAlgorithm as LowerCaseName } from "../http/checksums";
import { combineCrc, crcKinds } from "./crc";
import { invalidRequest } from "./errors";

/** The checksums of "Checking object integrity for data uploads" (checking-object-integrity-upload.html). */
export const checksumAlgorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** S3 computes it of an upload that brings no checksum, always of the whole object. */
export const defaultAlgorithm: ChecksumAlgorithm = "CRC64NVME";

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64; a composite one of an object ends with `-<number of parts>`. */
  value: string;
  type: ChecksumType;
}

/** A running hash or check. */
export interface Digest {
  update(chunk: Uint8Array): void;
  /** Base64. */
  digest(): Promise<string>;
}

const digestBytes: Record<ChecksumAlgorithm, number> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

const lowerCase = (algorithm: ChecksumAlgorithm): LowerCaseName => algorithm.toLowerCase() as LowerCaseName;

export const createDigest = (algorithm: ChecksumAlgorithm): Digest => createChecksum(lowerCase(algorithm));

/** MD5, of which ETags are made; in hexadecimal, other than the checksums. */
export function md5Digest(): Digest {
  const hash = createHash("md5");
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest("hex") };
}

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element that carries a checksum in XML: `ChecksumCRC32`. */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

export function parseAlgorithm(value: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((known) => known === value.toUpperCase());
  if (algorithm) return algorithm;
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${checksumAlgorithms.join(", ")}]`,
  );
}

/** The one checksum that headers, or trailing headers, carry. Its value is that of the body, or of a whole upload. */
export function givenChecksum(
  headers: Record<string, string | undefined>,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const given = checksumAlgorithms.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (given.length > 1) {
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const [algorithm] = given;
  if (!algorithm) return undefined;
  const value = headers[checksumHeader(algorithm)] ?? "";
  // A composite one ends with the number of parts.
  const bytes = Buffer.from(value.replace(/-\d+$/, ""), "base64");
  if (bytes.length === digestBytes[algorithm]) return { algorithm, value };
  throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
}

/** The checksum of a whole object from those of its parts; of CRCs only, see {@link compositeChecksum} for the rest. */
export function fullObjectChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly { value: string; size: number }[],
): Checksum {
  if (algorithm === "SHA1" || algorithm === "SHA256") throw noFullObject(algorithm);
  const kind = crcKinds[algorithm];
  const [first, ...rest] = parts;
  let combined: Buffer = Buffer.from(first?.value ?? "", "base64");
  for (const part of rest) combined = combineCrc(kind, combined, Buffer.from(part.value, "base64"), part.size);
  return { algorithm, value: combined.toString("base64"), type: "FULL_OBJECT" };
}

export const noFullObject = (algorithm: ChecksumAlgorithm): Error =>
  invalidRequest(
    `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );

/** The checksum of the parts' checksums, with the number of parts. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, values: readonly string[]): Promise<Checksum> {
  const digest = createDigest(algorithm);
  for (const value of values) digest.update(Buffer.from(value, "base64"));
  return { algorithm, value: `${await digest.digest()}-${values.length}`, type: "COMPOSITE" };
}
