import { AwsError, notImplemented } from "../http/awsError";
import type { S3Context } from "./context";
import { parseXml } from "./xml";

type Headers = Record<string, string | undefined>;

const ownerships = new Map<string, string>();

function ownershipOf(document: string | undefined): string {
  if (document === undefined) return "BucketOwnerEnforced";
  // Without ownership controls, once they were deleted, access control lists work.
  if (document === "") return "ObjectWriter";
  const known = ownerships.get(document) ?? parseOwnership(document);
  ownerships.set(document, known);
  return known;
}

export const parseOwnership = (document: string): string =>
  parseXml(document, "OwnershipControls").child("Rule")?.text("ObjectOwnership") ?? "";

/**
 * Refuses what would change who may read an object. With BucketOwnerEnforced, which is the default of a new bucket,
 * requests that "set or update ACLs fail and return the AccessControlListNotSupported error code"; the owner's full
 * control is the exception (about-object-ownership.html).
 */
export function refuseAcl(s3: S3Context, bucket: string, headers: Headers): void {
  const acl = headers["x-amz-acl"];
  const grants = Object.keys(headers).some((name) => name.startsWith("x-amz-grant-") && headers[name] !== undefined);
  if (!grants && (acl === undefined || acl === "bucket-owner-full-control")) return;
  if (ownershipOf(s3.buckets.setting(bucket, "ownershipControls")) === "BucketOwnerEnforced") {
    throw new AwsError(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  if (grants || acl !== "private") throw notImplemented("access control lists");
}
