const text = { type: "string" };
const whole = { type: "integer" };
const texts = { type: "object", additionalProperties: text };
const time = { type: "string", format: "date-time" };
/** Requests and answers of the API, as JSON schemas. */
export const schemas = {
  Upload: { type: "string", format: "binary" },
  UploadRequest: {
    type: "object",
    required: ["object"],
    additionalProperties: false,
    properties: {
      object: { ...text, description: "The image's name, with the extension of an accepted format" },
      method: { ...text, enum: ["POST", "PUT"], default: "POST", description: "How the upload will be sent" },
      bytes: { ...whole, minimum: 1, description: "The length of the body of a PUT, which needs it" },
    },
  },
  UploadGrant: {
    type: "object",
    required: ["object", "method", "url", "maxBytes", "expiresAt"],
    properties: {
      object: text,
      method: { ...text, enum: ["POST", "PUT"] },
      url: text,
      fields: { ...texts, description: "Of a POST: the form's fields, which come before the field file" },
      headers: { ...texts, description: "Of a PUT" },
      maxBytes: { ...whole, description: "The longest file that is accepted" },
      expiresAt: time,
    },
  },
  Waiting: { type: "object", required: ["object", "status"], properties: { object: text, status: text } },
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
      pending: { $ref: "#/components/schemas/Pending" },
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
  Pending: {
    type: "object",
    required: ["status"],
    properties: {
      status: { type: "string", enum: ["PROCESSING", "FAILED"] },
      reason: text,
      generation: text,
      uploadedAt: time,
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
