import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createQueue } from "../aws/queue";
import { hardenSharp } from "../image/harden";
import { makeRenditions } from "../image/renditions";
import { createJournal } from "./journal";
import { RECORD_ROOM } from "../protocol/recordRoom";
import { resolutionBasedImagePutProcess } from "../protocol/resolutionBasedImagePutProcess";
import { text, wholeNumber } from "./environment";
import { queueHandler } from "./queue";
import { systemClock } from "./systemClock";

/** `ResolutionBasedImagePutProcess`: makes renditions. */
export function createResolutionBasedImagePutProcess() {
  hardenSharp();
  const journal = createJournal();
  return queueHandler(
    journal,
    // One is read or stored while another is decoded; the function's memory is for so many.
    wholeNumber("IMAGES_AT_ONCE"),
    resolutionBasedImagePutProcess({
      images: createImages(createS3Client(), text("IMAGES_BUCKET")),
      metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
      deleteQueue: createQueue(createSqsClient(), text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
      makeRenditions,
      room: RECORD_ROOM,
      clock: systemClock(),
      journal,
    }),
  );
}
