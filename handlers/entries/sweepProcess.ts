import type { Context } from "aws-lambda";
import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createQueue } from "../aws/queue";
import { createSweepLists } from "../aws/sweepLists";
import { createTempImages } from "../aws/tempImages";
import { createJournal } from "./journal";
import { statusShards } from "../protocol/listing";
import { sweepProcess } from "../protocol/sweepProcess";
import { text } from "./environment";
import { systemClock } from "./systemClock";

/** `SweepProcess`: runs on a schedule, and sends on its way what got lost. */
export function createSweepProcess() {
  const s3 = createS3Client();
  const sqs = createSqsClient();
  const dynamo = createDocumentClient();
  const journal = createJournal();
  const [tempImages, images, table] = [text("TEMP_IMAGES_BUCKET"), text("IMAGES_BUCKET"), text("IMAGE_METADATA_TABLE")];
  const sweep = sweepProcess({
    lists: createSweepLists(
      s3,
      dynamo,
      { tempImages, images, table, index: text("IMAGE_METADATA_INDEX") },
      statusShards,
    ),
    temp: createTempImages(s3, tempImages),
    metadata: createImageMetadata(dynamo, table),
    uploadQueue: createQueue(sqs, text("PUT_RAW_IMAGE_QUEUE_URL")),
    putQueue: createQueue(sqs, text("PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
    deleteQueue: createQueue(sqs, text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
    clock: systemClock(),
    journal,
  });
  return async (_event: unknown, context: Context): Promise<void> => {
    journal.begin(context);
    try {
      await sweep();
    } finally {
      journal.flush();
    }
  };
}
