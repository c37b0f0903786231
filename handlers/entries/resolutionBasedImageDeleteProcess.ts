import { createDocumentClient, createS3Client } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createJournal } from "./journal";
import { resolutionBasedImageDeleteProcess } from "../protocol/resolutionBasedImageDeleteProcess";
import { text } from "./environment";
import { queueHandler } from "./queue";
import { systemClock } from "./systemClock";

/** `ResolutionBasedImageDeleteProcess`: deletes the objects of generations that are not live any more. */
export function createResolutionBasedImageDeleteProcess() {
  const journal = createJournal();
  // The work is waiting for AWS: the whole batch at the same time.
  return queueHandler(
    journal,
    10,
    resolutionBasedImageDeleteProcess({
      edgeCaches: { forget: () => Promise.resolve() },
      images: createImages(createS3Client(), text("IMAGES_BUCKET")),
      metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
      clock: systemClock(),
      journal,
    }),
  );
}
