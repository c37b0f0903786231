import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

import { createSweepLists } from "../../../handlers/aws/sweepLists";
import { objectOfTempKey } from "../../../handlers/protocol/objectName";
import { statusShards } from "../../../handlers/protocol/listing";
import type { Target } from "../support/target";
import { INDEX, MOST } from "./statusCounts";
import { longest, type Waiting } from "./waiting";

/** Uploads that are not taken in yet. */
export interface WaitingUploads {
  /** Counting ends at {@link MOST}. */
  uploads: number;
  waiting?: Waiting;
}

type Places = Pick<Target, "s3" | "dynamodb" | "tempImagesBucket" | "imagesBucket" | "imageMetadataTable">;

/** The versions in the temp bucket, listed as the sweep does it: what is taken in is removed from there. */
export async function waitingUploads(target: Places): Promise<WaitingUploads> {
  const { s3, dynamodb, tempImagesBucket: tempImages, imagesBucket: images, imageMetadataTable: table } = target;
  const places = { tempImages, images, table, index: INDEX };
  const lists = createSweepLists(s3, DynamoDBDocumentClient.from(dynamodb), places, statusShards);
  let uploads = 0;
  let waiting: Waiting | undefined;
  let after: string | undefined;
  do {
    const page = await lists.uploads(after);
    const found = page.entries.map(({ key, storedAt }): Waiting => {
      return { name: objectOfTempKey(key) ?? key, status: "UPLOADED", uploadedAt: storedAt };
    });
    uploads += found.length;
    waiting = longest([waiting, ...found]);
    after = page.next;
  } while (after !== undefined && uploads < MOST);
  return { uploads: Math.min(MOST, uploads), ...(waiting && { waiting }) };
}
