import type { AwsResponse } from "../http/wireService";
import { authorizeBucket } from "./access";
import type { S3Call } from "./parsedCall";
import { emptyAnswer, xmlAnswer } from "./answers";
import { change, type S3Context } from "./context";
import { notificationMarkup, parseNotifications } from "./notificationConfig";
import { notificationsOf, setNotifications } from "./notifications";
import { receiveText } from "./requestBody";

/** GetBucketNotificationConfiguration (API_GetBucketNotificationConfiguration.html). */
export function getBucketNotification(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:GetBucketNotification");
  return xmlAnswer("NotificationConfiguration", notificationsOf(s3, call.bucket).map(notificationMarkup));
}

/** PutBucketNotificationConfiguration (API_PutBucketNotificationConfiguration.html): replaces the whole configuration. */
export async function putBucketNotification(s3: S3Context, call: S3Call): Promise<AwsResponse> {
  authorizeBucket(s3, call, "s3:PutBucketNotification");
  const queues = parseNotifications(await receiveText(call));
  const skipValidation = call.headers["x-amz-skip-destination-validation"]?.toLowerCase() === "true";
  const { requestId } = call.request;
  change(s3, () => setNotifications(s3, call.bucket, queues, { requestId, skipValidation }));
  return emptyAnswer(200);
}
