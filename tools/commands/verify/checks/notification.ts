import { GetBucketNotificationConfigurationCommand } from "@aws-sdk/client-s3";

import { atMostEvery } from "../atMostEvery";
import type { Check } from "../check";
import { callsOfApi } from "../policy";
import { acceptedPicture, imageStatusText, isSettled, statusText } from "../uploads";

const RETRY_MS = 15_000;

/** S3 tells the service of each upload. A new bucket needs about five minutes for that. */
export const notification: Check = {
  title: "Uploads are noticed",
  rights: (target) => [
    { actions: ["s3:GetBucketNotification"], on: [`arn:${target.partition}:s3:::${target.tempImagesBucket}`] },
    ...callsOfApi(target),
  ],
  async run(session) {
    const { api, see, target, wait } = session;
    const { body, end } = await acceptedPicture(session);
    const name = api.name(`noticed.${end}`);
    const put = atMostEvery(RETRY_MS, () => api.put(name, body));
    const ask = async () => ({ put: await put(), got: await api.get(name) });
    const { put: taken, got } = await wait("an upload to be noticed", ask, ({ got: answer }) => isSettled(answer), {
      slow: true,
    });
    see({
      asked: `PUT, then GET ${name}`,
      expected: "202, READY",
      seen: `${statusText(taken)}, ${imageStatusText(got)}`,
      detail: got.image.reason,
    });

    const bucket = target.tempImagesBucket;
    const command = new GetBucketNotificationConfigurationCommand({ Bucket: bucket });
    const { QueueConfigurations = [] } = await target.s3.send(command);
    see({
      asked: `notifications of ${bucket}`,
      expected: `s3:ObjectCreated:* under images/ to ${target.queueUrls.PutRawImageQueue?.split("/").at(-1)}`,
      seen:
        QueueConfigurations.map(({ QueueArn = "", Events = [], Filter }) => {
          const rules = Filter?.Key?.FilterRules ?? [];
          const prefix = rules.find(({ Name }) => Name?.toLowerCase() === "prefix")?.Value ?? "";
          return `${Events.join(", ")} under ${prefix} to ${QueueArn.split(":").at(-1)}`;
        }).join("; ") || "none",
    });
  },
};
