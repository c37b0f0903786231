import { createCloudFrontClient, createDocumentClient, createS3Client } from "../aws/clients";
import { createEdgeCaches } from "../aws/edgeCaches";
import { createImageMetadata } from "../aws/imageMetadata";
import { createImages } from "../aws/images";
import { createJournal } from "./journal";
import type { EdgeCaches } from "../ports";
import { resolutionBasedImageDeleteProcess } from "../protocol/resolutionBasedImageDeleteProcess";
import { text } from "./environment";
import { queueHandler } from "./queue";
import { systemClock } from "./systemClock";

/** `ResolutionBasedImageDeleteProcess`: deletes the objects of generations that are not live any more. */
export function createResolutionBasedImageDeleteProcess() {
  return deleteProcess({ forget: () => Promise.resolve() });
}

/** The same for renditions that CloudFront serves: its edge caches forget them. */
export function createResolutionBasedImageDeleteProcessForDelivery() {
  return deleteProcess(createEdgeCaches(createCloudFrontClient(), text("DISTRIBUTION_ID")));
}

function deleteProcess(edgeCaches: EdgeCaches) {
  const journal = createJournal();
  // The work is waiting for AWS: the whole batch at the same time.
  return queueHandler(
    journal,
    10,
    resolutionBasedImageDeleteProcess({
      edgeCaches,
      images: createImages(createS3Client(), text("IMAGES_BUCKET")),
      metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
      clock: systemClock(),
      journal,
    }),
  );
}
