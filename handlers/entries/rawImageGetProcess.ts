import { createDocumentClient, createS3Client } from "../aws/clients";
import { createImageMetadata } from "../aws/imageMetadata";
import { createTempImages } from "../aws/tempImages";
import { createJournal } from "./journal";
import { rawImageGetProcess } from "../protocol/rawImageGetProcess";
import { withUrls } from "./withUrls";
import { apiHandler, onName, refusal, unknownImage } from "./api";
import { text } from "./environment";
import { freshness } from "./freshness";
import { headerOf } from "./apiEvent";
import { imageUrls } from "./imageUrls";
import { redirect } from "./redirect";

/**
 * `RawImageGetProcess`, behind `GET` and `HEAD /raw/{object}`: 200 with the image's status, 304 unchanged, 404 unknown, 410
 * deleted. Behind `GET /images/{imageType}/{object}`: 302 to the rendition's URL, 202 while it is made, 404 where there is
 * none.
 */
export function createRawImageGetProcess() {
  const journal = createJournal();
  const s3 = createS3Client();
  const urls = imageUrls(s3);
  const find = rawImageGetProcess({
    temp: createTempImages(s3, text("TEMP_IMAGES_BUCKET")),
    metadata: createImageMetadata(createDocumentClient(), text("IMAGE_METADATA_TABLE")),
  });
  return apiHandler(
    journal,
    onName(async (name, event) => {
      const image = await find(name);
      if (!image) return unknownImage(name);
      if (image.status === "DELETED") {
        const message = `The image "${name}" was deleted at ${image.deletedAt ?? image.updatedAt}. Upload it again with PUT.`;
        return refusal(410, "Deleted", message);
      }
      const imageType = event.pathParameters?.imageType;
      if (imageType !== undefined) return redirect(image, { imageType, accept: headerOf(event, "accept") }, urls);
      return { status: 200, body: await withUrls(image, urls), headers: freshness(image, Date.now()) };
    }),
  );
}
