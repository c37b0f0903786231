import type { HeldPolicy } from "../iam/policyDocument";
import { heldPolicy } from "./access";
import { checkBucketName } from "./buckets";
import { keepPolicy } from "./bucketPolicy";
import { dropSetting, keepSetting, settingOf, type DocumentSetting } from "./bucketSettings";
import type { VersioningStatus } from "./bucketStore";
import { change, type S3Context } from "./context";
import { noSuchBucket } from "./errors";
import type { QueueNotification } from "./notificationConfig";
import { notificationsOf, setNotifications } from "./notifications";

/** The part of S3 that declared resources need. Every method may be repeated; all but the first throw NoSuchBucket. */
export interface S3Admin {
  /** Creates the bucket unless it exists. Throws InvalidBucketName. */
  ensureBucket(name: string): void;
  setVersioning(bucket: string, status: VersioningStatus): void;
  /** Keeps a setting, given as the document that S3's API takes, or deletes it. Throws MalformedXML. */
  configure(bucket: string, setting: DocumentSetting, document: string | undefined): void;
  /** Sets the bucket's policy. Throws MalformedPolicy, or AccessDenied when it is public and that is blocked. */
  setPolicy(bucket: string, policy: string): void;
  /** Sets the bucket's notifications. When they change, each queue is sent an `s3:TestEvent`. Throws InvalidArgument. */
  setNotifications(bucket: string, queues: QueueNotification[]): void;
  /** The policies of all buckets. */
  policies(): HeldPolicy[];
  /** The document of a setting, or undefined. */
  setting(bucket: string, setting: DocumentSetting): string | undefined;
  /** When an object was stored, in milliseconds since 1970: S3's own answers have seconds. Undefined where there is none. */
  modified(bucket: string, key: string): number | undefined;
}

export function createAdmin(s3: S3Context): S3Admin {
  const existing = (bucket: string): string => {
    if (!s3.buckets.find(bucket)) throw noSuchBucket(bucket);
    return bucket;
  };
  return {
    ensureBucket: (name) => {
      checkBucketName(name);
      change(s3, () => {
        if (!s3.buckets.find(name)) s3.buckets.create({ name, created: s3.now() });
      });
    },
    setVersioning: (bucket, status) => change(s3, () => s3.buckets.set(existing(bucket), "versioning", status)),
    configure: (bucket, setting, document) => {
      if (document === undefined) dropSetting(s3, existing(bucket), setting);
      else keepSetting(s3, existing(bucket), setting, document);
    },
    setPolicy: (bucket, policy) => keepPolicy(s3, existing(bucket), policy),
    setNotifications: (bucket, queues) =>
      change(s3, () => {
        const unchanged = JSON.stringify(notificationsOf(s3, existing(bucket))) === JSON.stringify(queues);
        if (!unchanged) setNotifications(s3, bucket, queues, { requestId: "DECLARED" });
      }),
    policies: () => s3.buckets.list("").flatMap(({ name }) => heldPolicy(s3, name) ?? []),
    setting: (bucket, setting) => settingOf(s3, existing(bucket), setting),
    modified: (bucket, key) => s3.objects.current(existing(bucket), key)?.modified,
  };
}
