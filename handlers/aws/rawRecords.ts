import { setTimeout } from "node:timers/promises";

import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { RawRecords } from "../ports";
import { rawRecord } from "./imageMetadata";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_KEYS = 100;
const MOST_TRIES = 7;
const FIRST_PAUSE = 50;

interface Answer {
  Responses?: Record<string, Record<string, unknown>[]>;
  UnprocessedKeys?: Record<string, { Keys?: Record<string, unknown>[] }>;
}

/**
 * The records of the table `ImageMetadata`, many in one request. Needs `dynamodb:BatchGetItem` on it. DynamoDB leaves keys
 * out where it is throttled or the answer would be too large; they are asked for again, each time later.
 * @param pause waits for a number of milliseconds
 */
export function createRawRecords(
  dynamo: Pick<DynamoDBDocumentClient, "send">,
  table: string,
  pause: (milliseconds: number) => Promise<unknown> = setTimeout,
): RawRecords {
  return {
    async read(names) {
      const waiting: Record<string, unknown>[] = names.map((original) => ({ original, imageType: "raw" }));
      const items: Record<string, unknown>[] = [];
      for (let incomplete = 0; waiting.length > 0;) {
        const Keys = waiting.splice(0, MOST_KEYS);
        const { Responses, UnprocessedKeys }: Answer = await dynamo.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
        );
        items.push(...(Responses?.[table] ?? []));
        const left = UnprocessedKeys?.[table]?.Keys ?? [];
        if (left.length === 0) continue;
        waiting.unshift(...left);
        if (++incomplete === MOST_TRIES) {
          const unread = `${waiting.length} of ${names.length} records unread`;
          throw new Error(`DynamoDB left ${unread} after ${MOST_TRIES} tries`);
        }
        await pause(FIRST_PAUSE * 2 ** (incomplete - 1));
      }
      return items.map(rawRecord);
    },
  };
}
