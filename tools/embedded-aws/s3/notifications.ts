import { AwsError } from "../http/awsError";
import type { Principal } from "../iam/principal";
import { bucketArn } from "./access";
import type { S3Call } from "./parsedCall";
import { encodeKey } from "./listEncoding";
import { hostIdOf } from "../http/hostId";
import { isoTime } from "./answers";
import type { S3Context } from "./context";
import { checkNotifications, matchesEvent, type QueueNotification } from "./notificationConfig";
import type { ObjectVersion } from "./objectStore";
import { nullVersion } from "./versionId";

export type EventName =
  | "ObjectCreated:Put"
  | "ObjectCreated:Post"
  | "ObjectCreated:Copy"
  | "ObjectCreated:CompleteMultipartUpload"
  | "ObjectRemoved:Delete"
  | "ObjectRemoved:DeleteMarkerCreated";

/** The subject of an event: a version, or a key that did not exist. */
type Subject = Pick<ObjectVersion, "bucket" | "key" | "versionId"> & Partial<ObjectVersion>;

/** S3 as it calls a queue: its policy is asked with the bucket as source (grant-destinations-permissions-to-s3.html). */
const asService = (s3: S3Context, bucket: string): Principal => ({
  kind: "service",
  arn: "s3.amazonaws.com",
  accountId: s3.place.accountId,
  sourceArn: bucketArn(bucket),
  sourceAccount: s3.place.accountId,
});

export const notificationsOf = (s3: S3Context, bucket: string): QueueNotification[] => {
  const text = s3.buckets.setting(bucket, "notification");
  return text === undefined ? [] : (JSON.parse(text) as QueueNotification[]);
};

/**
 * Replaces a bucket's notifications. Each new queue receives the `s3:TestEvent` with which S3 makes sure that it may
 * send there; when it may not, nothing is changed.
 */
export function setNotifications(
  s3: S3Context,
  bucket: string,
  queues: QueueNotification[],
  { requestId, skipValidation = false }: { requestId: string; skipValidation?: boolean },
): void {
  checkNotifications(queues);
  s3.buckets.set(bucket, "notification", JSON.stringify(queues));
  const test = {
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: isoTime(s3.now()),
    Bucket: bucket,
    RequestId: requestId,
    HostId: hostIdOf(requestId),
  };
  if (skipValidation) return;
  const refused: string[][] = [];
  for (const queueArn of new Set(queues.map((queue) => queue.queueArn))) {
    try {
      s3.sqs.deliver(queueArn, JSON.stringify(test), asService(s3, bucket));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refused.push([queueArn, error.code === "QueueDoesNotExist" ? missingQueue : closedQueue]);
    }
  }
  if (refused.length === 0) return;
  const details = refused.flatMap(([queueArn = "", reason = ""], index) => [
    [`ArgumentName${index + 1}`, queueArn] as const,
    [`ArgumentValue${index + 1}`, reason] as const,
  ]);
  const message = "Unable to validate the following destination configurations";
  throw new AwsError(400, "InvalidArgument", message, Object.fromEntries(details));
}

const missingQueue = "The destination queue does not exist";
const closedQueue = "Permissions on the destination queue do not allow S3 to publish notifications from this bucket";

/**
 * Sends an event to the queues that are configured for it, inside the transaction that made the change. A queue that no longer takes
 * messages loses the event, as on AWS, and does not fail the request. So does an injected fault.
 */
export function notify(s3: S3Context, call: S3Call, name: EventName, version: Subject): void {
  const sequencer = s3.sequencer.next();
  for (const queue of notificationsOf(s3, version.bucket)) {
    const wanted = queue.events.some((pattern) => matchesEvent(pattern, `s3:${name}`));
    if (!wanted || !version.key.startsWith(queue.prefix) || !version.key.endsWith(queue.suffix)) continue;
    if (s3.lose()) continue;
    const body = JSON.stringify({
      Records: [eventRecord(s3, call, { name, version, sequencer, configurationId: queue.id })],
    });
    try {
      s3.sqs.deliver(queue.queueArn, body, asService(s3, version.bucket), call.request.headers["x-amzn-trace-id"]);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      s3.announce(
        `S3 could not send ${name} of ${version.bucket}/${version.key} to ${queue.queueArn}: ${error.message}`,
      );
    }
  }
}

/** A record of "Event message structure" (notification-content-structure.html). */
function eventRecord(
  s3: S3Context,
  call: S3Call,
  event: { name: EventName; version: Subject; sequencer: string; configurationId: string },
): object {
  const { name, version, sequencer } = event;
  const removed = name === "ObjectRemoved:Delete";
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: s3.place.region,
    eventTime: isoTime(s3.now()),
    eventName: name,
    userIdentity: { principalId: `AWS:${call.request.principal.arn}` },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": call.request.requestId, "x-amz-id-2": hostIdOf(call.request.requestId) },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: event.configurationId,
      bucket: {
        name: version.bucket,
        ownerIdentity: { principalId: s3.ownerId },
        arn: bucketArn(version.bucket),
      },
      object: {
        key: encodeKey(version.key),
        ...(removed || version.deleteMarker ? {} : { size: version.size }),
        ...(removed ? {} : { eTag: version.etag }),
        ...(version.versionId === nullVersion ? {} : { versionId: version.versionId }),
        sequencer,
      },
    },
  };
}
