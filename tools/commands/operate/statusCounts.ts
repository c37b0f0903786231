import { QueryCommand } from "@aws-sdk/client-dynamodb";

import { statusShards } from "../../../handlers/protocol/listing";
import type { ListedStatus } from "../../../handlers/records";
import type { Target } from "../support/target";
import { longest, type Waiting } from "./waiting";

/** Names of one status. */
export interface StatusCount {
  status: ListedStatus;
  /** Counting ends at {@link MOST}. */
  names: number;
}

export interface Counted {
  names: StatusCount[];
  /** The recorded upload that has waited longest for its renditions. */
  waiting?: Waiting;
}

const STATUSES: ListedStatus[] = ["PROCESSING", "READY", "FAILED", "REJECTED", "DELETING"];
/** Names of one status that are counted, at most: each costs a part of a read unit. */
export const MOST = 10_000;
export const INDEX = "byStatusShard";

type Table = Pick<Target, "dynamodb" | "imageMetadataTable">;

/** How many names have each status, from the index that lists them; it lags behind by some milliseconds. */
export async function statusCounts(target: Table): Promise<Counted> {
  const all = await Promise.all(STATUSES.map((status) => countOf(target, status)));
  const waiting = longest(all.map(({ waiting }) => waiting));
  return { names: all.map(({ status, names }) => ({ status, names })), ...(waiting && { waiting }) };
}

async function countOf(target: Table, status: ListedStatus): Promise<StatusCount & { waiting?: Waiting }> {
  const shards = await Promise.all(statusShards(status).map((shard) => shardOf(target, shard)));
  const names = shards.reduce((sum, shard) => sum + shard.names, 0);
  return { status, names: Math.min(MOST, names), waiting: longest(shards.map(({ waiting }) => waiting)) };
}

async function shardOf(
  { dynamodb, imageMetadataTable }: Table,
  shard: string,
): Promise<{ names: number; waiting?: Waiting }> {
  let names = 0;
  let waiting: Waiting | undefined;
  let from: Record<string, { S: string }> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: imageMetadataTable,
        IndexName: INDEX,
        KeyConditionExpression: "statusShard = :shard",
        // Also of a name that is listed as READY the newest upload may be PROCESSING. What is left out is counted all the same.
        FilterExpression: "#status = :processing",
        ProjectionExpression: "original, uploadedAt, updatedAt",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":shard": { S: shard }, ":processing": { S: "PROCESSING" } },
        ExclusiveStartKey: from,
      }),
    );
    names += page.ScannedCount ?? 0;
    const found = (page.Items ?? []).map(({ original, uploadedAt, updatedAt }): Waiting => {
      // Records of the first release do not tell when their upload was stored.
      const since = uploadedAt?.S ?? updatedAt?.S ?? "";
      return { name: original?.S ?? "", status: "PROCESSING", uploadedAt: since };
    });
    waiting = longest([waiting, ...found]);
    from = page.LastEvaluatedKey as typeof from;
  } while (from && names < MOST);
  return { names, ...(waiting && { waiting }) };
}
