import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorize, checkOwner, invalidVersionId, requireBucket, versionOf } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer, xmlAnswer } from "./answers";
import { checkUnchanged } from "./conditionalHeaders";
import { change, type S3Context } from "./context";
import { malformedXml, noSuchVersion } from "./errors";
import { notify } from "./notifications";
import type { ObjectVersion } from "./objectStore";
import { isVersionId, nullVersion } from "./versionId";
import { receiveText } from "./requestBody";
import { parseXml } from "./xml";
import { element, optional, type Markup } from "./markup";

interface Deletion {
  key: string;
  versionId?: string | undefined;
  ifMatch?: string | undefined;
}
interface Deleted {
  /** The version that was removed, or the marker that was made. */
  versionId?: string;
  deleteMarker: boolean;
}

/** In what DeleteObject and DeleteObjects differ. */
interface Manner {
  /** The error for a version id that S3 never gave. */
  whenUnknown: (versionId: string) => AwsError;
  /** Notify also of a key that does not exist, in a bucket without versioning. */
  always: boolean;
}

/** "To use conditional deletes with an ETag you need s3:DeleteObject and s3:GetObject" (conditional-deletes.html). */
function authorizeDeletion(s3: S3Context, call: S3Call, { key, versionId, ifMatch }: Deletion): void {
  const on = { bucket: call.bucket, key };
  const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  authorize(s3, call, action, on, { "s3:versionid": versionId, "s3:if-match": ifMatch });
  if (ifMatch !== undefined && ifMatch !== "*") authorize(s3, call, "s3:GetObject", on);
}

/**
 * Deletes as "Deleting object versions" (DeletingObjectVersions.html) and "Working with delete markers" (DeleteMarker.html) say:
 * a version for good when one is named; else a delete marker where versioning is on, a `null` marker in place of the `null`
 * version where it is suspended, and the object itself where it never was on. A missing object is not an error.
 */
function remove(s3: S3Context, call: S3Call, deletion: Deletion, { whenUnknown, always }: Manner): Deleted {
  const { key, versionId, ifMatch } = deletion;
  const { bucket } = call;
  checkUnchanged(ifMatch, key, s3.objects.current(bucket, key));
  s3.uploads.touch(bucket, key);
  const versioning = s3.buckets.versioning(bucket);
  if (versionId === undefined && versioning !== undefined) {
    const marker = addMarker(s3, bucket, key, versioning === "Enabled");
    notify(s3, call, "ObjectRemoved:DeleteMarkerCreated", marker);
    return { versionId: marker.versionId, deleteMarker: true };
  }
  const removed = s3.objects.remove(bucket, key, versionId ?? nullVersion);
  if (!removed && versionId !== undefined && !isVersionId(versionId)) throw whenUnknown(versionId);
  // DeleteObjects reports every key that it was asked for, there or not (recorded: TestS3NotificationsToSQS::test_delete_objects).
  const told = removed ?? (always && versionId === undefined ? { bucket, key, versionId: nullVersion } : undefined);
  if (told) notify(s3, call, "ObjectRemoved:Delete", told);
  return { ...(versionId === undefined ? {} : { versionId }), deleteMarker: removed?.deleteMarker ?? false };
}

const addMarker = (s3: S3Context, bucket: string, key: string, versioned: boolean): ObjectVersion =>
  s3.objects.add(
    {
      bucket,
      key,
      deleteMarker: true,
      size: 0,
      etag: "d41d8cd98f00b204e9800998ecf8427e",
      headers: {},
      tags: {},
      segments: [],
    },
    { versioned, modified: s3.now() },
  );

/** Object Lock is not there, and without it S3 takes no word about it (recorded: test_delete_object_with_no_locking). */
function refuseBypass({ headers }: S3Call): void {
  const name = "x-amz-bypass-governance-retention";
  if (headers[name] === undefined) return;
  const message = `${name} is only applicable to Object Lock enabled buckets.`;
  throw new AwsError(400, "InvalidArgument", message, { ArgumentName: name });
}

/** DeleteObject (API_DeleteObject.html). */
export function deleteObject(s3: S3Context, call: S3Call): AwsResponse {
  const deletion = { key: call.key, versionId: versionOf(call), ifMatch: call.headers["if-match"] };
  authorizeDeletion(s3, call, deletion);
  requireBucket(s3, call.bucket);
  checkOwner(s3, call.headers["x-amz-expected-bucket-owner"]);
  refuseBypass(call);
  const deleted = change(s3, () => remove(s3, call, deletion, { whenUnknown: invalidVersionId, always: false }));
  return emptyAnswer(204, {
    ...(deleted.versionId === undefined ? {} : { "x-amz-version-id": deleted.versionId }),
    ...(deleted.deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
  });
}

/** DeleteObjects (API_DeleteObjects.html): each key is authorised and answered on its own. */
export async function deleteObjects(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  requireBucket(s3, call.bucket);
  checkOwner(s3, call.headers["x-amz-expected-bucket-owner"]);
  const root = parseXml(await receiveText(call), "Delete");
  const deletions = root.children("Object").map((node): Deletion => ({
    key: node.text("Key") ?? "",
    versionId: node.text("VersionId") === "" ? undefined : node.text("VersionId"),
    ifMatch: node.text("ETag"),
  }));
  if (deletions.length === 0 || deletions.length > 1000 || deletions.some(({ key }) => key === ""))
    throw malformedXml();
  const quiet = root.text("Quiet") === "true";
  const outcomes = change(s3, () => deletions.map((deletion) => outcomeOf(s3, call, deletion)));
  return xmlAnswer(
    "DeleteResult",
    outcomes.map(({ failed, markup }) => (quiet && !failed ? undefined : markup)),
  );
}

function outcomeOf(s3: S3Context, call: S3Call, deletion: Deletion): { failed: boolean; markup: Markup } {
  const named = [element("Key", deletion.key), optional("VersionId", deletion.versionId)];
  try {
    authorizeDeletion(s3, { ...call, key: deletion.key }, deletion);
    const whenUnknown = (versionId: string): AwsError => noSuchVersion(deletion.key, versionId);
    const deleted = remove(s3, call, deletion, { whenUnknown, always: true });
    const marker = deleted.deleteMarker
      ? [element("DeleteMarker", true), optional("DeleteMarkerVersionId", deleted.versionId)]
      : [];
    return { failed: false, markup: element("Deleted", ...named, ...marker) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const markup = element("Error", ...named, element("Code", error.code), element("Message", error.message));
    return { failed: true, markup };
  }
}
