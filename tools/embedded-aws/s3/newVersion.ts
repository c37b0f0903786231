import type { S3Call } from "./parsedCall";
import { checkWrite } from "./conditionalHeaders";
import { change, type S3Context } from "./context";
import { notify, type EventName } from "./notifications";
import type { ObjectVersion, VersionContent } from "./objectStore";

/**
 * Makes an object the current version of its key: the conditions of the request, the object and its event are one
 * transaction. `before` and `after` run inside it: once the conditions held, and once the object is in the store.
 */
export function commitVersion(
  s3: S3Context,
  call: S3Call,
  content: VersionContent,
  event: EventName,
  { before, after }: { before?: () => void; after?: (version: ObjectVersion) => void } = {},
): ObjectVersion {
  return change(s3, () => {
    const { bucket, key } = content;
    checkWrite(call.headers, key, s3.objects.current(bucket, key));
    before?.();
    const versioned = s3.buckets.versioning(bucket) === "Enabled";
    const version = s3.objects.add(content, { versioned, modified: s3.now() });
    s3.uploads.touch(bucket, key);
    notify(s3, call, event, version);
    after?.(version);
    return version;
  });
}
