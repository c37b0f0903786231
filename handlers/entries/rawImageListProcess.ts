import { createDocumentClient, createS3Client } from "../aws/clients";
import { createNameIndex } from "../aws/nameIndex";
import { createRawRecords } from "../aws/rawRecords";
import { listedRenditions, type DetailedPage } from "../protocol/listedRenditions";
import { rawImageListProcess } from "../protocol/rawImageListProcess";
import { apiHandler, refusal } from "./api";
import { text } from "./environment";
import { imageUrls } from "./imageUrls";
import { createJournal } from "./journal";
import { cursorOf, listRequest } from "./listRequest";
import { withUrls } from "./withUrls";

/**
 * `RawImageListProcess`, behind `GET /raw`: 200 with a page of images, with their renditions where they are asked for; 400
 * for a bad request.
 */
export function createRawImageListProcess() {
  const [table, index] = [text("IMAGE_METADATA_TABLE"), text("IMAGE_METADATA_INDEX")];
  const dynamo = createDocumentClient();
  const list = rawImageListProcess({ index: createNameIndex(dynamo, { table, index }) });
  const detailed = listedRenditions(createRawRecords(dynamo, table));
  const urls = imageUrls(createS3Client());
  return apiHandler(createJournal(), async (event) => {
    const request = listRequest(event, table);
    if ("refused" in request) return refusal(400, "BadListRequest", request.refused);
    const page = await list(request.query, request.before, request.limit);
    const { images, next }: DetailedPage = request.renditions ? await detailed(page) : page;
    const told = images.map(async ({ renditions, ...image }) =>
      renditions ? withUrls({ ...image, renditions }, urls) : image,
    );
    const cursor = next === undefined ? {} : { cursor: cursorOf(next, request.query, table) };
    return { status: 200, body: { images: await Promise.all(told), ...cursor } };
  });
}
