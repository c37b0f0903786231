import { QueryCommand } from "@aws-sdk/client-dynamodb";

import { statusShards } from "../../../handlers/protocol/listing";
import type { ListedStatus } from "../../../handlers/records";
import type { Target } from "../support/target";

/** Names of one status. */
export interface StatusCount {
  status: ListedStatus;
  /** Counting ends at {@link MOST}. */
  names: number;
  /** The name that was made first, and when, ISO 8601 in UTC. */
  oldest?: { name: string; createdAt: string };
}

const STATUSES: ListedStatus[] = ["PROCESSING", "READY", "FAILED", "REJECTED", "DELETING"];
/** Names of one status that are counted, at most: each costs a part of a read unit. */
export const MOST = 10_000;
const INDEX = "byStatusShard";

/** How many names have each status, from the index that lists them; it lags behind by some milliseconds. */
export function statusCounts(target: Target): Promise<StatusCount[]> {
  return Promise.all(STATUSES.map((status) => countOf(target, status)));
}

async function countOf(target: Target, status: ListedStatus): Promise<StatusCount> {
  const shards = await Promise.all(statusShards(status).map((shard) => shardOf(target, shard)));
  const names = Math.min(
    MOST,
    shards.reduce((sum, shard) => sum + shard.names, 0),
  );
  const [first] = shards.flatMap(({ first }) => first ?? []).sort((a, b) => (a.position < b.position ? -1 : 1));
  const [createdAt = ""] = first?.position.split(" ") ?? [];
  return { status, names, ...(first && { oldest: { name: first.name, createdAt } }) };
}

async function shardOf(
  { dynamodb, imageMetadataTable }: Target,
  shard: string,
): Promise<{ names: number; first?: { name: string; position: string } }> {
  const query = {
    TableName: imageMetadataTable,
    IndexName: INDEX,
    KeyConditionExpression: "statusShard = :shard",
    ExpressionAttributeValues: { ":shard": { S: shard } },
  };
  const { Items: [item] = [] } = await dynamodb.send(new QueryCommand({ ...query, Limit: 1 }));
  if (!item) return { names: 0 };
  let names = 0;
  let from: Record<string, { S: string }> | undefined;
  do {
    const page = await dynamodb.send(new QueryCommand({ ...query, Select: "COUNT", ExclusiveStartKey: from }));
    names += page.Count ?? 0;
    from = page.LastEvaluatedKey as typeof from;
  } while (from && names < MOST);
  return { names, first: { name: item.original?.S ?? "", position: item.listPosition?.S ?? "" } };
}
