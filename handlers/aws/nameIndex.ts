import { QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { NameIndex } from "../ports";
import type { ListedRecord } from "../records";

/** The index of names of the table `ImageMetadata`. Needs `dynamodb:Query` on it. */
export function createNameIndex(
  dynamo: Pick<DynamoDBDocumentClient, "send">,
  { table, index }: { table: string; index: string },
): NameIndex {
  return {
    async newest(statusShard, before, most) {
      const page: { Items?: Record<string, unknown>[]; LastEvaluatedKey?: { listPosition?: string } } =
        await dynamo.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            KeyConditionExpression: `statusShard = :shard${before === undefined ? "" : " AND listPosition < :before"}`,
            ExpressionAttributeValues: { ":shard": statusShard, ...(before !== undefined && { ":before": before }) },
            ScanIndexForward: false,
            Limit: most,
          }),
        );
      const next = page.LastEvaluatedKey?.listPosition;
      return {
        entries: (page.Items ?? []) as unknown as ListedRecord[],
        ...(next !== undefined && { next }),
      };
    },
  };
}
