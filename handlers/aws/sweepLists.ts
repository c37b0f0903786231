import { ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { GetCommand, QueryCommand, UpdateCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ListedUpload, SweepLists, SweepPosition } from "../ports";
import type { ListedStatus } from "../records";
import { decodeListedKey } from "./listedKeys";

/** Where the sweep ended, in the table of records: no name contains a slash. */
const POSITION = { original: "/sweep", imageType: "position" };

interface Places {
  tempImages: string;
  images: string;
  table: string;
  /** The table's index of names by status and shard. */
  index: string;
}
interface Answer {
  Items?: Record<string, unknown>[];
  LastEvaluatedKey?: Record<string, unknown>;
}

/**
 * Needs `s3:ListBucketVersions` and `s3:ListBucket` on the buckets, `dynamodb:Query` on the index, and
 * `dynamodb:GetItem` and `dynamodb:UpdateItem` on its own item.
 * @param shardsOf the values of the index's partition key that a status has
 */
export function createSweepLists(
  s3: Pick<S3Client, "send">,
  dynamo: Pick<DynamoDBDocumentClient, "send">,
  { tempImages, images, table, index }: Places,
  shardsOf: (status: ListedStatus) => string[],
): SweepLists {
  return {
    async names(status, after) {
      const shards = shardsOf(status);
      // A page ends at a place in a shard, or at the beginning of the next one.
      const [shard = "", ...place] = (after ?? shards[0] ?? "").split(" ");
      const from = place.length > 0 ? place.join(" ") : undefined;
      const { Items, LastEvaluatedKey }: Answer = await dynamo.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: `statusShard = :shard${from === undefined ? "" : " AND listPosition > :from"}`,
          ExpressionAttributeValues: {
            ":shard": shard,
            ...(from !== undefined && { ":from": from }),
            ...(status === "READY" && { ":ready": "READY" }),
          },
          // Of most READY names the newest generation is READY: a page is what one query reads, 1 MB.
          ...(status === "READY"
            ? { FilterExpression: "#status <> :ready", ExpressionAttributeNames: { "#status": "status" } }
            : { Limit: 100 }),
        }),
      );
      const next = LastEvaluatedKey
        ? `${shard} ${String(LastEvaluatedKey.listPosition)}`
        : shards[shards.indexOf(shard) + 1];
      return { entries: (Items ?? []).map(({ original }) => String(original)), ...(next !== undefined && { next }) };
    },

    async uploads(after) {
      const page = await s3.send(
        new ListObjectVersionsCommand({
          Bucket: tempImages,
          Prefix: "images/",
          EncodingType: "url", // XML cannot hold every key
          KeyMarker: after,
        }),
      );
      const uploads = (page.Versions ?? []).flatMap(({ Key, VersionId, LastModified }): ListedUpload[] =>
        Key === undefined || VersionId === undefined || LastModified === undefined
          ? []
          : [{ key: decodeListedKey(Key), versionId: VersionId, storedAt: LastModified.toISOString() }],
      );
      if (!page.IsTruncated) return { entries: uploads };
      const last = decodeListedKey(page.NextKeyMarker ?? "");
      // The last key goes on on the next page, unless it fills this one: then the rest waits for the next time.
      const whole = uploads.filter(({ key }) => key !== last);
      const next = whole.at(-1)?.key ?? last;
      return { entries: whole.length > 0 ? whole : uploads, next };
    },

    async images(after) {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: images, EncodingType: "url", StartAfter: after }));
      const entries = (page.Contents ?? []).flatMap(({ Key, LastModified }) =>
        Key === undefined || LastModified === undefined
          ? []
          : [{ imageId: decodeListedKey(Key), storedAt: LastModified.toISOString() }],
      );
      return { entries, ...(page.IsTruncated && { next: entries.at(-1)?.imageId }) };
    },

    async readPosition() {
      const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: POSITION, ConsistentRead: true }));
      return (Item?.position ?? {}) as SweepPosition;
    },

    async writePosition(position) {
      await dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: POSITION,
          UpdateExpression: "SET #position = :position",
          ExpressionAttributeNames: { "#position": "position" },
          ExpressionAttributeValues: { ":position": position },
        }),
      );
    },
  };
}
