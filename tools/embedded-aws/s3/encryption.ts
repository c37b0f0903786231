import { createHash, randomUUID } from "node:crypto";
import type { Place } from "../place";
import { stableUuid } from "../stableUuid";
import type { S3Context } from "./context";
import { invalidArgument } from "./errors";
import { parseXml } from "./xml";

type Headers = Record<string, string | undefined>;

const sseHeader = "x-amz-server-side-encryption";
const kmsKeyHeader = `${sseHeader}-aws-kms-key-id`;
const bucketKeyHeader = `${sseHeader}-bucket-key-enabled`;
const defaults = new Map<string, Record<string, string>>();

/** The account's key for S3, which encrypts where aws:kms is asked for without a key. */
const managedKey = ({ partition, region, accountId }: Place): string =>
  `arn:${partition}:kms:${region}:${accountId}:key/${stableUuid(`aws/s3 ${region} ${accountId}`)}`;

/** Reads know no encryption: they are refused with its headers. */
export function refuseEncryption(headers: Headers): void {
  if (headers[sseHeader] === undefined) return;
  throw invalidArgument(
    "x-amz-server-side-encryption header is not supported for this operation.",
    sseHeader,
    headers[sseHeader] ?? "",
  );
}

/** The default encryption of a bucket as response headers; parsed once per document. */
function defaultEncryption(place: Place, document: string | undefined): Record<string, string> {
  if (document === undefined) return { [sseHeader]: "AES256" };
  const known = defaults.get(document);
  if (known) return known;
  const rule = parseXml(document, "ServerSideEncryptionConfiguration").child("Rule");
  const byDefault = rule?.child("ApplyServerSideEncryptionByDefault");
  const headers: Record<string, string> = { [sseHeader]: byDefault?.text("SSEAlgorithm") ?? "AES256" };
  if (headers[sseHeader] !== "AES256") {
    headers[kmsKeyHeader] = byDefault?.text("KMSMasterKeyID") ?? managedKey(place);
    if (rule?.text("BucketKeyEnabled") === "true") headers[bucketKeyHeader] = "true";
  }
  defaults.set(document, headers);
  return headers;
}

/**
 * How a new object says it is encrypted: as the request asks, or as its bucket does by default. Nothing is encrypted here.
 * Every object says AES256 at least (default-encryption-faq.html).
 */
export function encryptionOf(s3: S3Context, bucket: string, headers: Headers): Record<string, string> {
  const asked = headers[sseHeader];
  if (headers[kmsKeyHeader] !== undefined && !asked?.startsWith("aws:kms")) {
    throw invalidArgument(
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
      sseHeader,
      asked ?? "null",
    );
  }
  const byDefault = defaultEncryption(s3.place, s3.buckets.setting(bucket, "encryption"));
  if (asked === undefined) return byDefault;
  if (!["AES256", "aws:kms", "aws:kms:dsse"].includes(asked)) {
    throw invalidArgument("The encryption method specified is not supported", sseHeader, asked);
  }
  if (asked === "AES256") return { [sseHeader]: asked };
  const key = headers[kmsKeyHeader] ?? managedKey(s3.place);
  const kept = [sseHeader, kmsKeyHeader, bucketKeyHeader].map((name) => [name, headers[name]] as const);
  const given = kept.filter((entry): entry is [string, string] => entry[1] !== undefined);
  // The bucket says whether its keys are used, unless the request does (recorded: test_s3_sse_default_kms_key).
  const bucketKey = asked === "aws:kms" ? byDefault[bucketKeyHeader] : undefined;
  return {
    ...(bucketKey === undefined ? {} : { [bucketKeyHeader]: bucketKey }),
    ...Object.fromEntries(given),
    [kmsKeyHeader]: key,
  };
}

/** "Objects encrypted by … AWS KMS have ETags that are not an MD5 digest of their object data" (API_Object.html). */
export const encryptedEtag = (md5: string, headers: Record<string, string>): string =>
  headers[sseHeader]?.startsWith("aws:kms") === true
    ? createHash("md5")
        .update(`${md5} ${headers[kmsKeyHeader] ?? ""} ${randomUUID()}`)
        .digest("hex")
    : md5;

/** The part of an object's headers that an upload is answered with. */
export const encryptionHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(sseHeader)));
