import { GetBucketVersioningCommand } from "@aws-sdk/client-s3";

import type { Check } from "../check";
import { atMostEvery } from "../atMostEvery";
import { callsOfApi } from "../policy";
import { acceptedPicture } from "../uploads";

const RETRY_MS = 15_000;

/** Each upload has a version of its own, by which the functions find it. A new bucket needs minutes for that. */
export const versioning: Check = {
  title: "Uploads are versioned",
  rights: (target) => [
    { actions: ["s3:GetBucketVersioning"], on: [`arn:${target.partition}:s3:::${target.tempImagesBucket}`] },
    ...callsOfApi(target),
  ],
  async run(session) {
    const { api, see, target, wait } = session;
    const bucket = target.tempImagesBucket;
    const { Status } = await target.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    see({ asked: `versioning of ${bucket}`, expected: "Enabled", seen: Status ?? "never enabled" });

    const { body, end } = await acceptedPicture(session);
    const name = api.name(`version.${end}`);
    const put = atMostEvery(RETRY_MS, () => api.put(name, body));
    const answer = await wait("versioning", put, ({ headers }) => versionOf(headers) === "a version", { slow: true });
    see({
      asked: `PUT ${name}`,
      expected: "202, x-amz-version-id is a version",
      seen: `${answer.status}, x-amz-version-id is ${versionOf(answer.headers)}`,
    });
  },
};

/** Without versioning S3 names no version, or the version `null`. */
function versionOf(headers: Headers): string {
  const version = headers.get("x-amz-version-id");
  return version === null ? "missing" : version === "null" ? "null" : "a version";
}
