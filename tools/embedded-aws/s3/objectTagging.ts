import type { AwsResponse } from "../http/wireService";
import { authorizeObject, findVersion, versionOf } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer, xmlAnswer } from "./answers";
import { versionHeader } from "./versionHeaders";
import { change, type S3Context } from "./context";
import { methodNotAllowed, noSuchKey } from "./errors";
import type { ObjectVersion } from "./objectStore";
import { receiveText } from "./requestBody";
import { parseTagDocument, tagSet } from "./tags";

/** Authorises `s3:<verb>ObjectTagging`, or `s3:<verb>ObjectVersionTagging` when a version is named, and finds the object. */
function findTagged(s3: S3Context, call: S3Call, verb: "Get" | "Put" | "Delete"): ObjectVersion {
  const versionId = versionOf(call);
  const action = `s3:${verb}Object${versionId === undefined ? "" : "Version"}Tagging`;
  authorizeObject(s3, call, action, { "s3:versionid": versionId });
  const { bucket, key } = call;
  // Reading names the key with its bucket (recorded: test_object_tagging_exc).
  const absent = noSuchKey(verb === "Get" ? `${bucket}/${key}` : key);
  const version = findVersion(s3, call, { bucket, key, versionId, absent });
  if (!version.deleteMarker) return version;
  throw methodNotAllowed(call.request.method, "DeleteMarker");
}

/** GetObjectTagging (API_GetObjectTagging.html). */
export function getObjectTagging(s3: S3Context, call: S3Call): AwsResponse {
  const version = findTagged(s3, call, "Get");
  return xmlAnswer("Tagging", [tagSet(version.tags)], versionHeader(s3, version));
}

/** PutObjectTagging (API_PutObjectTagging.html): replaces the tags and leaves the object as it is. */
export async function putObjectTagging(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  findTagged(s3, call, "Put");
  const tags = parseTagDocument(await receiveText(call));
  const version = change(s3, () => {
    const found = findTagged(s3, call, "Put");
    s3.objects.setTags(found, tags);
    return found;
  });
  return emptyAnswer(200, versionHeader(s3, version));
}

/** DeleteObjectTagging (API_DeleteObjectTagging.html). */
export function deleteObjectTagging(s3: S3Context, call: S3Call): AwsResponse {
  const version = findTagged(s3, call, "Delete");
  change(s3, () => s3.objects.setTags(version, {}));
  return emptyAnswer(204, versionHeader(s3, version));
}
