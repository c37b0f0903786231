import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createQueue } from "../aws/queue";
import { createTempImages } from "../aws/tempImages";
import type { RawRecord } from "../records";
import { createJournal } from "./journal";
import { causeOf } from "../protocol/errors";
import { rawImageDeleteProcess } from "../protocol/rawImageDeleteProcess";
import { RECORD_ROOM } from "../protocol/recordRoom";
import { imageStatus } from "../protocol/rawImageGetProcess";
import { apiHandler, onName, refusal, unknownImage } from "./api";
import type { ApiAnswer } from "./apiEvent";
import { text } from "./environment";
import { systemClock } from "./systemClock";

/**
 * `RawImageDeleteProcess`, behind `DELETE /raw/{object}`: 202 with the image's status, 404 for an unknown name, 503 where
 * it is to be repeated.
 */
export function createRawImageDeleteProcess() {
  const s3 = createS3Client();
  const journal = createJournal();
  const remove = rawImageDeleteProcess({
    temp: createTempImages(s3, text("TEMP_IMAGES_BUCKET")),
    images: createImages(s3, text("IMAGES_BUCKET")),
    metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
    deleteQueue: createQueue(createSqsClient(), text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
    room: RECORD_ROOM,
    clock: systemClock(),
    journal,
  });
  return apiHandler(journal, onName(answerOf(remove)));
}

/** The answer to a DELETE. */
export function answerOf(
  remove: (name: string) => Promise<RawRecord | undefined>,
): (name: string) => Promise<ApiAnswer> {
  return async (name) => {
    try {
      const record = await remove(name);
      return record ? { status: 202, body: imageStatus(record) } : unknownImage(name);
    } catch (error) {
      const { cause, reason } = causeOf(error);
      if (cause !== "DeletionUnfinished") throw error;
      const message = `So many uploads of the image wait that only a part is removed yet. Repeat the DELETE. ${reason}`;
      return { ...refusal(503, cause, message), headers: { "retry-after": "1" } };
    }
  };
}
