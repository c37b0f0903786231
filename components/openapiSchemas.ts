import { imageFormats, renditionFormats, spellings } from "../handlers/imageTypes";

const text = { type: "string" };
const whole = { type: "integer" };
const count = { ...whole, minimum: 1 };
/** The largest `maxBytes` that a stack can have. */
const bytes = { ...count, maximum: 104_857_600 };
const texts = { type: "object", additionalProperties: text };
const time = { type: "string", format: "date-time" };
const method = (name: string) => ({ ...text, enum: [name] });

const anyCase = (word: string): string => word.replace(/./g, (c) => `[${c.toUpperCase()}${c}]`);
const endings = Object.values(spellings).flat().map(anyCase).join("|");

/** The name of an upload, as far as a schema of OpenAPI 3.0 tells it: its length counts characters, not bytes. */
export const imageName = {
  ...text,
  minLength: 1,
  maxLength: 200,
  pattern: `^[^/\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff]+\\.(${endings})$`,
  description:
    "The image's name: 1 to 200 bytes of UTF-8 in NFC, without slashes, control characters and invisible ones, with the extension of a format that the stack accepts",
};

export const imageTypeName = { ...text, pattern: "^[a-z0-9][a-z0-9-]{0,30}$" };

const granted = {
  object: imageName,
  url: { ...text, description: "Where the upload is sent, without further signature" },
  maxBytes: { ...bytes, description: "The longest file that is accepted" },
  expiresAt: time,
};

const metadata = {
  type: "object",
  additionalProperties: true,
  description: "Any JSON object of at most 1,024 bytes as JSON in UTF-8, with numbers up to ±9007199254740991",
};
const share = { type: "number", minimum: 0, maximum: 1 };
const details = { metadata, focus: { $ref: "#/components/schemas/Focus" } };
/** Properties of an image that lists have too. */
const told = {
  reason: text,
  pending: { $ref: "#/components/schemas/Pending" },
  generation: text,
  format: { ...text, enum: imageFormats },
  bytes,
  width: count,
  height: count,
  ...details,
  placeholder: {
    ...text,
    maxLength: 36,
    description: "What to show until a rendition is there: a ThumbHash (https://evanw.github.io/thumbhash/) in Base64",
  },
  dominantColour: { ...text, pattern: "^#[0-9a-f]{6}$", description: "The colour that is most in the image" },
};

/** Requests and answers of the API, as JSON schemas. */
export const schemas = {
  Upload: { type: "string", format: "binary", minLength: 1 },
  UploadRequest: {
    oneOf: [{ $ref: "#/components/schemas/FormRequest" }, { $ref: "#/components/schemas/PutRequest" }],
  },
  FormRequest: {
    type: "object",
    description: "Asks for a form",
    required: ["object"],
    additionalProperties: false,
    properties: { object: imageName, method: { ...method("POST"), default: "POST" }, ...details },
  },
  PutRequest: {
    type: "object",
    description: "Asks for a PUT",
    required: ["object", "method", "bytes"],
    additionalProperties: false,
    properties: {
      object: imageName,
      method: method("PUT"),
      bytes: { ...bytes, description: "The length of its body: up to the stack's maxBytes" },
      ...details,
    },
  },
  Focus: {
    type: "object",
    description: "The point that matters most: its distances from the left and the top of the upright picture",
    required: ["x", "y"],
    additionalProperties: false,
    properties: { x: share, y: share },
  },
  UploadGrant: { oneOf: [{ $ref: "#/components/schemas/FormGrant" }, { $ref: "#/components/schemas/PutGrant" }] },
  FormGrant: {
    type: "object",
    required: ["object", "method", "url", "fields", "maxBytes", "expiresAt"],
    properties: {
      ...granted,
      method: method("POST"),
      fields: { ...texts, description: "The form's fields, which come before the field file" },
    },
  },
  PutGrant: {
    type: "object",
    required: ["object", "method", "url", "headers", "maxBytes", "expiresAt"],
    properties: { ...granted, method: method("PUT"), headers: texts },
  },
  Waiting: {
    type: "object",
    required: ["object", "status"],
    properties: { object: text, status: { ...text, enum: ["UPLOADED", "PROCESSING"] } },
  },
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
      ...told,
      renditions: { type: "array", items: { $ref: "#/components/schemas/Rendition" } },
      createdAt: time,
      updatedAt: time,
      deletedAt: time,
    },
  },
  ImageList: {
    type: "object",
    required: ["images"],
    properties: {
      images: { type: "array", items: { $ref: "#/components/schemas/ListedImage" } },
      cursor: {
        ...text,
        description:
          "Asks for the next page. Absent on the last one; a page may have few images, or none, and a cursor",
      },
    },
  },
  ListedImage: {
    type: "object",
    description: "As GET of the image tells it, with its renditions where these are asked for",
    required: ["object", "id", "status", "createdAt", "updatedAt"],
    properties: {
      object: text,
      id: text,
      status: { type: "string", enum: ["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"] },
      ...told,
      renditions: {
        type: "array",
        items: { $ref: "#/components/schemas/Rendition" },
        description: "Absent where none are asked for or served, and where the image has just changed",
      },
      createdAt: time,
      updatedAt: time,
    },
  },
  Pending: {
    type: "object",
    required: ["status"],
    properties: {
      status: { type: "string", enum: ["PROCESSING", "FAILED"] },
      reason: text,
      generation: text,
      ...details,
      uploadedAt: time,
    },
  },
  Rendition: {
    type: "object",
    required: ["imageType", "url", "format", "bytes", "width", "height"],
    properties: {
      imageType: imageTypeName,
      url: text,
      format: { ...text, enum: renditionFormats },
      bytes: count,
      width: count,
      height: count,
    },
  },
  Error: {
    type: "object",
    required: ["error"],
    properties: {
      error: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { ...text, description: "The kind of error, the same for all of a kind", minLength: 1 },
          message: { ...text, description: "What was wrong, and what to do", minLength: 1 },
        },
      },
    },
  },
  TooLong: { type: "object", required: ["message"], properties: { message: text } },
};
