import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createQueue } from "../aws/queue";
import { createTempImages } from "../aws/tempImages";
import { inspectUpload } from "../image/inspect";
import { createJournal } from "./journal";
import { rawImagePutProcess } from "../protocol/rawImagePutProcess";
import { RECORD_ROOM } from "../protocol/recordRoom";
import { imageTypes, text, uploadLimits } from "./environment";
import { queueHandler } from "./queue";
import { systemClock } from "./systemClock";

/** `RawImagePutProcess`: checks uploads, stores originals, asks for renditions. */
export function createRawImagePutProcess() {
  const s3 = createS3Client();
  const sqs = createSqsClient();
  const journal = createJournal();
  // No more of each than a header is in memory.
  return queueHandler(
    journal,
    4,
    rawImagePutProcess({
      temp: createTempImages(s3, text("TEMP_IMAGES_BUCKET")),
      images: createImages(s3, text("IMAGES_BUCKET")),
      metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
      putQueue: createQueue(sqs, text("PUT_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
      deleteQueue: createQueue(sqs, text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
      inspectUpload,
      limits: uploadLimits(),
      imageTypes: imageTypes(),
      room: RECORD_ROOM,
      clock: systemClock(),
      journal,
    }),
  );
}
