const text = { type: "string" };
const whole = { type: "integer" };
const time = { type: "string", format: "date-time" };
/** Requests and answers of the API, as JSON schemas. */
export const schemas = {
  Upload: { type: "string", format: "binary" },
  Image: {
    type: "object",
    // An upload that waits has an id and times only once it is taken in.
    required: ["object", "status", "renditions"],
    properties: {
      object: text,
      id: text,
      status: {
        type: "string",
        enum: ["UPLOADED", "PROCESSING", "READY", "FAILED", "REJECTED", "DELETING", "DELETED"],
      },
      reason: text,
      generation: text,
      format: text,
      bytes: whole,
      width: whole,
      height: whole,
      renditions: { type: "array", items: { $ref: "#/components/schemas/Rendition" } },
      createdAt: time,
      updatedAt: time,
      deletedAt: time,
    },
  },
  Rendition: {
    type: "object",
    required: ["imageType", "url", "format", "bytes", "width", "height"],
    properties: { imageType: text, url: text, format: text, bytes: whole, width: whole, height: whole },
  },
  Error: {
    type: "object",
    required: ["error"],
    properties: { error: { type: "object", required: ["code", "message"], properties: { code: text, message: text } } },
  },
};
