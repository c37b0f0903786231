import { createHash } from "node:crypto";

import type { ListedStatus, RawRecord, Status } from "../records";

/**
 * The parts of the index of names that one status has. DynamoDB takes 1,000 write units a second for each value of a
 * partition key, and an upload makes two writes for `PROCESSING` (docs/architecture.md). A record keeps its part in
 * `statusShard`: with more parts, those that are there stay where they are.
 */
const SHARDS = 8;

/** The values that the index's partition key has for a status. */
export const statusShards = (status: ListedStatus): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${status}#${shard}`);

/** The attribute that puts a name into the list of the status that `GET` tells: `READY` while a generation is live. */
export function listedUnder(
  name: string,
  { status, live }: { status: Status; live?: object },
): { statusShard?: string } {
  if (status === "DELETED") return {};
  const shard = (createHash("sha256").update(name).digest()[0] ?? 0) % SHARDS;
  return { statusShard: `${live ? "READY" : status}#${shard}` };
}

/** Where a name stands in every list that it is in: this never changes, so that pages stay true while statuses change. */
export const listPosition = ({ createdAt, id }: Pick<RawRecord, "createdAt" | "id">): { listPosition: string } => ({
  listPosition: `${createdAt} ${id}`,
});

/** Whether a record of the first releases is in no list yet. */
export const isUnlisted = ({ status, statusShard, listPosition }: RawRecord): boolean =>
  status !== "DELETED" && (statusShard === undefined || listPosition === undefined);
