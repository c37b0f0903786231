import { AwsError } from "../http/awsError";
import type { HeldPolicy } from "../iam/policyDocument";
import { isBlocked, isPublic } from "./publicPolicy";
import type { S3Call } from "./parsedCall";
import type { S3Context } from "./context";
import { accessDenied, invalidArgument, noSuchBucket, noSuchKey, noSuchVersion } from "./errors";
import type { ObjectVersion } from "./objectStore";
import { isVersionId } from "./versionId";

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/**
 * Asks IAM for an action on a bucket, or on an object when `key` is given, with the bucket's policy. Which action an
 * operation needs is said by "Required permissions for Amazon S3 API operations"
 * (using-with-s3-policy-actions.html).
 */
export function authorize(
  s3: S3Context,
  call: S3Call,
  action: string,
  on: { bucket: string; key?: string },
  context: Record<string, string | undefined> = {},
): void {
  const given = Object.entries(context).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const policy = policyFor(s3, call, on.bucket);
  s3.iam.authorize({
    principal: call.request.principal,
    action,
    resource: on.key === undefined ? bucketArn(on.bucket) : `${bucketArn(on.bucket)}/${on.key}`,
    context: Object.fromEntries(given),
    secure: call.request.secure,
    resourcePolicy: policy,
  });
}

/** Unsigned calls learn that a bucket does not exist (recorded: test_bucket_does_not_exist). */
const isAnonymous = ({ request }: S3Call): boolean => request.principal.kind === "anonymous";

/** With RestrictPublicBuckets a public policy lets only callers of the account in (access-control-block-public-access.html). */
function policyFor(s3: S3Context, call: S3Call, bucket: string): HeldPolicy | undefined {
  const policy = heldPolicy(s3, bucket);
  if (policy === undefined || !isAnonymous(call)) return policy;
  const restricted = isBlocked(s3.buckets.setting(bucket, "publicAccessBlock"), "RestrictPublicBuckets");
  return restricted && isPublic(policy.document) ? undefined : policy;
}

/** A bucket's policy, if it has one. */
export function heldPolicy({ buckets }: Pick<S3Context, "buckets">, bucket: string): HeldPolicy | undefined {
  const document = buckets.policy(bucket);
  return document && { holder: bucketArn(bucket), name: "bucket policy", document };
}

/** Authorises an action on the call's bucket, which must exist. */
export function authorizeBucket(
  s3: S3Context,
  call: S3Call,
  action: string,
  context: Record<string, string | undefined> = {},
): void {
  if (isAnonymous(call)) requireBucket(s3, call.bucket);
  authorize(s3, call, action, { bucket: call.bucket }, context);
  requireBucket(s3, call.bucket);
  checkOwner(s3, call.headers["x-amz-expected-bucket-owner"]);
}

/** Authorises an action on the call's object, whose bucket must exist. */
export function authorizeObject(
  s3: S3Context,
  call: S3Call,
  action: string,
  context: Record<string, string | undefined> = {},
): void {
  if (isAnonymous(call)) requireBucket(s3, call.bucket);
  authorize(s3, call, action, { bucket: call.bucket, key: call.key }, context);
  requireBucket(s3, call.bucket);
  checkOwner(s3, call.headers["x-amz-expected-bucket-owner"]);
}

/** S3's error for a version id that it never gave. */
export const invalidVersionId = (versionId: string): AwsError =>
  invalidArgument("Invalid version id specified", "versionId", versionId);

export function requireBucket(s3: S3Context, bucket: string): void {
  if (!s3.buckets.find(bucket)) throw noSuchBucket(bucket);
}

/** "If the account ID that you provide does not match the actual owner of the bucket, the request fails with … 403" (bucket-owner-condition.html). */
export function checkOwner(s3: S3Context, expected: string | undefined): void {
  if (expected !== undefined && !/^\d{12}$/.test(expected)) {
    throw new AwsError(
      400,
      "InvalidBucketOwnerAWSAccountID",
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${expected}]`,
    );
  }
  if (expected !== undefined && expected !== s3.place.accountId) throw accessDenied();
}

/** The version id of the query, or undefined for the current version. */
export function versionOf(call: S3Call): string | undefined {
  const versionId = call.query.get("versionId");
  if (versionId === "") throw invalidArgument("Version id cannot be the empty string", "versionId", "");
  return versionId ?? undefined;
}

/**
 * Finds a version, or the current one, which may be a delete marker. Without `s3:ListBucket` a caller does not learn that
 * something is missing: "If you have the s3:ListBucket permission … 404 … if you don't … 403" (API_GetObject.html).
 */
export function findVersion(
  s3: S3Context,
  call: S3Call,
  of: { bucket: string; key: string; versionId?: string | undefined; absent?: AwsError },
): ObjectVersion {
  const { bucket, key, versionId, absent = noSuchKey(key) } = of;
  const found = versionId === undefined ? s3.objects.latest(bucket, key) : s3.objects.version(bucket, key, versionId);
  if (found) return found;
  authorize(s3, call, "s3:ListBucket", { bucket });
  if (versionId === undefined) throw absent;
  throw isVersionId(versionId) ? noSuchVersion(key, versionId) : invalidVersionId(versionId);
}
