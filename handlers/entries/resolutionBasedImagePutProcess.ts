import { join } from "node:path";
import { createDocumentClient, createS3Client, createSqsClient } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createQueue } from "../aws/queue";
import { decoderPorts } from "../image/decoderProcess";
import { watchedDecoder } from "../image/watch";
import { createJournal } from "./journal";
import { RECORD_ROOM } from "../protocol/recordRoom";
import { resolutionBasedImagePutProcess } from "../protocol/resolutionBasedImagePutProcess";
import { text, wholeNumber } from "./environment";
import { queueHandler } from "./queue";
import { systemClock } from "./systemClock";

/** The decoder's program, beside the function's bundle. */
export const DECODER_FILE = "decoder.js";

/** `ResolutionBasedImagePutProcess`: has renditions made, in a process of their own. */
export function createResolutionBasedImagePutProcess() {
  const journal = createJournal();
  return queueHandler(
    journal,
    // One is decoded while the next is read and the last is stored; the function's memory is for so many originals.
    wholeNumber("IMAGES_AT_ONCE"),
    resolutionBasedImagePutProcess({
      images: createImages(createS3Client(), text("IMAGES_BUCKET")),
      metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
      deleteQueue: createQueue(createSqsClient(), text("DELETE_RESOLUTION_BASED_IMAGE_QUEUE_URL")),
      makeRenditions: watchedDecoder(decoderPorts(join(text("LAMBDA_TASK_ROOT"), DECODER_FILE))),
      room: RECORD_ROOM,
      clock: systemClock(),
      journal,
    }),
  );
}
