import { createDocumentClient } from "../aws/clients";
import { createNameIndex } from "../aws/nameIndex";
import { rawImageListProcess } from "../protocol/rawImageListProcess";
import { apiHandler, refusal } from "./api";
import { text } from "./environment";
import { createJournal } from "./journal";
import { cursorOf, listRequest } from "./listRequest";

/** `RawImageListProcess`, behind `GET /raw`: 200 with a page of images, 400 for a bad request. */
export function createRawImageListProcess() {
  const [table, index] = [text("IMAGE_METADATA_TABLE"), text("IMAGE_METADATA_INDEX")];
  const list = rawImageListProcess({ index: createNameIndex(createDocumentClient(), { table, index }) });
  return apiHandler(createJournal(), async (event) => {
    const request = listRequest(event, table);
    if ("refused" in request) return refusal(400, "BadListRequest", request.refused);
    const { images, next } = await list(request.query, request.before, request.limit);
    const cursor = next === undefined ? {} : { cursor: cursorOf(next, request.query, table) };
    return { status: 200, body: { images, ...cursor } };
  });
}
