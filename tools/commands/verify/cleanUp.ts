import { ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";

import type { Check } from "./check";
import { NAME_PREFIX } from "./imageApiClient";
import { callsOfApi } from "./policy";
import type { Session } from "./session";
import type { Target } from "../support/target";
import { statusText } from "./uploads";

/** Deletes everything that the checks uploaded, and looks whether it is gone. */
export const cleanUp: Check = {
  title: "Nothing is left behind",
  rights: (target) => [
    ...callsOfApi(target),
    {
      actions: ["s3:ListBucketVersions"],
      on: [`arn:${target.partition}:s3:::${target.tempImagesBucket}`],
      condition: { StringLike: { "s3:prefix": [`images/${NAME_PREFIX}*`] } },
    },
    {
      actions: ["s3:ListBucket"],
      on: [`arn:${target.partition}:s3:::${target.imagesBucket}`],
      condition: { StringLike: { "s3:prefix": folders(target).map((folder) => `${folder}/${NAME_PREFIX}*`) } },
    },
  ],
  async run(session) {
    const { api, see, target, wait } = session;
    const ends = await Promise.all([...api.names].map((name) => remove(session, name)));
    const left = ends.filter((end) => end !== undefined);
    see({
      asked: `DELETE of ${ends.length} names, then GET until each is gone`,
      expected: "all gone",
      seen: left.length === 0 ? "all gone" : left.join(", "),
    });
    const keys = await wait(
      "buckets without these names",
      () => keysOf(target, api.name("")),
      (found) => found.length === 0,
    );
    see({
      asked: `objects of these names in ${target.tempImagesBucket} and ${target.imagesBucket}`,
      expected: "none",
      seen: listed(keys) || "none",
    });
  },
};

const MOST = 10;

const listed = (keys: string[]): string =>
  keys.slice(0, MOST).join(", ") + (keys.length > MOST ? ` and ${keys.length - MOST} more` : "");

/** Deletes a name; what is wrong, where it does not go. */
async function remove({ api, wait }: Session, name: string): Promise<string | undefined> {
  const answer = await api.delete(name);
  if (answer.status === 404) return undefined;
  const end = await wait(
    `the deletion of ${name}`,
    () => api.get(name),
    ({ status }) => status === 410,
  );
  return end.status === 410 ? undefined : `${name} ${statusText(end)}`;
}

const folders = ({ imageTypes }: Target): string[] => ["raw", ...imageTypes.map(({ imageType }) => imageType)];

/** The keys of a run in both buckets, old versions of uploads included. */
async function keysOf(target: Target, beginning: string): Promise<string[]> {
  const { s3, tempImagesBucket, imagesBucket } = target;
  const uploads = await s3.send(
    new ListObjectVersionsCommand({ Bucket: tempImagesBucket, Prefix: `images/${beginning}` }),
  );
  const stored = await Promise.all(
    folders(target).map((folder) =>
      s3.send(new ListObjectsV2Command({ Bucket: imagesBucket, Prefix: `${folder}/${beginning}` })),
    ),
  );
  const found = [...(uploads.Versions ?? []), ...(uploads.DeleteMarkers ?? [])];
  return [...found, ...stored.flatMap(({ Contents = [] }) => Contents)].map(({ Key = "" }) => Key);
}
