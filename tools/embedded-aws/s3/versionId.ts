import { createHash, randomBytes } from "node:crypto";

/** The version id of what was written while versioning was off or suspended. */
export const nullVersion = "null";

const urlSafe = (bytes: Buffer): string => bytes.toString("base64url").replace(/-/g, ".");
const check = (random: string): string =>
  urlSafe(createHash("sha256").update(`version ${random}`).digest()).slice(0, 8);

/**
 * 32 characters that need no escaping in a URL, as AWS's version ids are. The last 8 follow from the others: S3 distinguishes an
 * id that it never gave from one whose version is gone (recorded: test_delete_object, test_get_object_with_version_unversioned_bucket).
 */
export function newVersionId(): string {
  const random = urlSafe(randomBytes(18));
  return random + check(random);
}

export const isVersionId = (id: string): boolean =>
  id === nullVersion || (/^[\w.]{32}$/.test(id) && id.slice(24) === check(id.slice(0, 24)));
