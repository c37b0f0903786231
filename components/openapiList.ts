import { answers, errorResponse, json, type JsonObject } from "./openapiParts";

const query = (name: string, description: string, schema: JsonObject) => ({ name, in: "query", description, schema });

/** The operation that lists images. */
export const listImages: JsonObject = {
  operationId: "listImages",
  parameters: [
    query("status", "Of which status", {
      type: "string",
      enum: ["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"],
      default: "READY",
    }),
    query("prefix", "The beginning of their names", { type: "string", maxLength: 200 }),
    query("limit", "How many at most", { type: "integer", minimum: 1, maximum: 100, default: 50 }),
    query("renditions", "Whether they are told with their renditions", { type: "boolean", default: false }),
    query("cursor", "That of the page before, with the same status and prefix", { type: "string", minLength: 1 }),
  ],
  summary: "The images of a status, newest first, page by page",
  responses: answers({
    "200": { description: "A page", content: json({ $ref: "#/components/schemas/ImageList" }) },
    "400": errorResponse("A parameter is wrong, unknown or given twice"),
  }),
};
