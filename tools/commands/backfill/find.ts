import { QueryCommand } from "@aws-sdk/client-dynamodb";

import { statusShards } from "../../../handlers/protocol/listing";
import { backfillOf, differencesOf, type Wanted } from "../../../handlers/protocol/recipes";
import type { ImageMetadata } from "../../../handlers/ports";
import type { BackfillMessage, RawRecord } from "../../../handlers/records";
import type { Target } from "../support/target";

/** The images of a stack, as far as a backfill has to do with them. */
export interface Found {
  /** Those that are served. */
  images: number;
  due: BackfillMessage[];
  /** Those of `due` with renditions from before recipes were recorded, which may be as they should be. */
  unknown: number;
  /** Served beside a newer upload that is not READY: left alone until that is. */
  beside: number;
  /** Renditions. */
  missing: number;
  unwanted: number;
}

/** Records that are read at the same time. */
const AT_ONCE = 20;

/** Looks at the record of each image that is served; no bucket is listed. */
export async function find(
  target: Pick<Target, "dynamodb" | "imageMetadataTable">,
  metadata: Pick<ImageMetadata, "readRaw">,
  choice: Wanted,
): Promise<Found> {
  const found: Found = { images: 0, due: [], unknown: 0, beside: 0, missing: 0, unwanted: 0 };
  for (const shard of statusShards("READY")) {
    for await (const names of namesIn(target, shard)) {
      for (let at = 0; at < names.length; at += AT_ONCE) {
        const records = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => metadata.readRaw(name)));
        for (const record of records) if (record) add(found, record, choice);
      }
    }
  }
  return found;
}

function add(found: Found, record: RawRecord, choice: Wanted): void {
  const { status, live, renditions = [] } = record;
  if (status !== "READY" && !live) return;
  found.images += 1;
  if (status !== "READY") found.beside += 1;
  const message = backfillOf(record, choice);
  if (!message) return;
  const { missing, unwanted } = differencesOf(renditions, choice);
  found.due.push(message);
  found.missing += missing.length;
  found.unwanted += unwanted.length;
  if (renditions.some(({ recipe }) => recipe === undefined)) found.unknown += 1;
}

/** The names of a shard, page by page. */
async function* namesIn(
  { dynamodb, imageMetadataTable }: Pick<Target, "dynamodb" | "imageMetadataTable">,
  shard: string,
): AsyncGenerator<string[]> {
  let from: Record<string, { S: string }> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: imageMetadataTable,
        IndexName: "byStatusShard",
        KeyConditionExpression: "statusShard = :shard",
        ExpressionAttributeValues: { ":shard": { S: shard } },
        ProjectionExpression: "original",
        ExclusiveStartKey: from,
      }),
    );
    yield (page.Items ?? []).flatMap(({ original }) => original?.S ?? []);
    from = page.LastEvaluatedKey as typeof from;
  } while (from);
}
