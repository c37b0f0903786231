import { notImplemented } from "../http/awsError";
import type { S3Context } from "./context";
import { invalidArgument } from "./errors";
import { parseXml } from "./xml";

type Headers = Record<string, string | undefined>;

const sseHeader = "x-amz-server-side-encryption";
const kmsKeyHeader = `${sseHeader}-aws-kms-key-id`;
const bucketKeyHeader = `${sseHeader}-bucket-key-enabled`;
const defaults = new Map<string, Record<string, string>>();

/** The default encryption of a bucket as response headers; parsed once per document. */
function defaultEncryption(document: string | undefined): Record<string, string> {
  if (document === undefined) return { [sseHeader]: "AES256" };
  const known = defaults.get(document);
  if (known) return known;
  const rule = parseXml(document, "ServerSideEncryptionConfiguration").child("Rule");
  const byDefault = rule?.child("ApplyServerSideEncryptionByDefault");
  const headers: Record<string, string> = { [sseHeader]: byDefault?.text("SSEAlgorithm") ?? "AES256" };
  const key = byDefault?.text("KMSMasterKeyID");
  if (key !== undefined) headers[kmsKeyHeader] = key;
  if (rule?.text("BucketKeyEnabled") === "true") headers[bucketKeyHeader] = "true";
  defaults.set(document, headers);
  return headers;
}

/**
 * How a new object says it is encrypted: as the request asks, or as its bucket does by default. Nothing is encrypted here.
 * Every object says AES256 at least (default-encryption-faq.html).
 */
export function encryptionOf(s3: S3Context, bucket: string, headers: Headers): Record<string, string> {
  if (headers[`${sseHeader}-customer-algorithm`] !== undefined) throw notImplemented("SSE-C (customer-provided keys)");
  const asked = headers[sseHeader];
  if (asked === undefined) return defaultEncryption(s3.buckets.setting(bucket, "encryption"));
  if (!["AES256", "aws:kms", "aws:kms:dsse"].includes(asked)) {
    throw invalidArgument("The encryption method specified is not supported", sseHeader, asked);
  }
  const kept = [sseHeader, kmsKeyHeader, bucketKeyHeader].map((name) => [name, headers[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The part of an object's headers that an upload is answered with. */
export const encryptionHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(sseHeader)));
