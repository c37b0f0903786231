import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createQueue } from "../aws/queue";
import { createTempImages } from "../aws/tempImages";
import { createJournal } from "./journal";
import { rawImageDeleteProcess } from "../protocol/rawImageDeleteProcess";
import { imageStatus } from "../protocol/rawImageGetProcess";
import { apiHandler, onName, unknownImage } from "./api";
import { text } from "./environment";
import { systemClock } from "./systemClock";

/** `RawImageDeleteProcess`, behind `DELETE /raw/{object}`: 202 with the image's status, 404 for an unknown name. */
export function createRawImageDeleteProcess() {
  const s3 = createS3Client();
  const journal = createJournal();
  const remove = rawImageDeleteProcess({
    temp: createTempImages(s3, text("TEMP_IMAGES_BUCKET")),
    images: createImages(s3, text("IMAGES_BUCKET")),
    metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
    deleteQueue: createQueue(createSqsClient(), text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
    clock: systemClock(),
    journal,
  });
  return apiHandler(
    journal,
    onName(async (name) => {
      const record = await remove(name);
      return record ? { status: 202, body: imageStatus(record) } : unknownImage(name);
    }),
  );
}
