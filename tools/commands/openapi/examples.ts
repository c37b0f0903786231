/** Examples of one operation: of its request's body, and of the JSON that it answers with each status. */
interface Examples {
  request?: unknown;
  responses?: Record<string, unknown>;
}

const error = (code: string, message: string) => ({ error: { code, message } });
const time = (second: number) => `2026-01-01T12:00:0${second}.000Z`;

/** Of every operation. API Gateway takes no examples, so the program's own document is without. */
export const commonExamples: Record<string, unknown> = {
  "400": error("BadObjectName", "The image's name in the path has 1025 bytes of UTF-8; 1 to 1024 are allowed."),
  "401": error("UNAUTHORIZED", "Unauthorized"),
  "403": error("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"),
  "404": error(
    "NotFound",
    'There is no image "photo.jpg". Upload one with PUT /raw/{object}; it takes a moment to appear.',
  ),
  "410": error("Deleted", `The image "photo.jpg" was deleted at ${time(0)}. Upload it again with PUT.`),
  "413": { message: "Request Too Long" },
  "429": error("Throttled", "Too many requests. Try again in a moment."),
  "500": error("InternalError", "The service failed. Try again; if it fails again, report the request id 4f1d."),
  "502": error("DEFAULT_5XX", "Internal server error"),
  "503": error("DEFAULT_5XX", "Service Unavailable"),
  "504": error("INTEGRATION_TIMEOUT", "Endpoint request timed out"),
};

const generation = "6c1e00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5";
const details = { metadata: { album: "holidays" }, focus: { x: 0.5, y: 0.25 } };
const image = {
  object: "photo.jpg",
  id: `raw/photo.jpg/${generation}.jpg`,
  status: "READY",
  generation,
  format: "jpeg",
  bytes: 3_835_031,
  width: 4032,
  height: 3024,
  ...details,
  placeholder: "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
  dominantColour: "#7c6a5b",
  renditions: [
    {
      imageType: "large",
      url: "https://snail-images.s3.eu-west-1.amazonaws.com/large/photo.jpg/6c1e.jpg?X-Amz-Signature=4f1d",
      format: "jpeg",
      bytes: 655_342,
      width: 2016,
      height: 1512,
    },
  ],
  createdAt: time(0),
  updatedAt: time(1),
};
const listed: Partial<typeof image> = { ...image };
delete listed.renditions;
const upload = "https://snail-temp-images.s3.eu-west-1.amazonaws.com/";

/** By operation. */
export const examples: Record<string, Examples> = {
  grantUpload: {
    request: { object: "photo.jpg", method: "PUT", bytes: 3_835_031, ...details },
    responses: {
      "201": {
        object: "photo.jpg",
        method: "PUT",
        url: `${upload}images/photo.jpg?X-Amz-Signature=4f1d`,
        headers: {
          "content-type": "application/octet-stream",
          "x-amz-meta-metadata": "eyJhbGJ1bSI6ImhvbGlkYXlzIn0",
          "x-amz-meta-focus": "eyJ4IjowLjUsInkiOjAuMjV9",
        },
        maxBytes: 52_428_800,
        expiresAt: "2026-01-01T12:15:00.000Z",
      },
      "400": error("BadUpload", "The name must end in one of: .jpg, .jpeg, .png, .webp, .avif."),
    },
  },
  getRendition: {
    responses: {
      "202": { object: "photo.jpg", status: "PROCESSING" },
      "404": error("NoSuchRendition", '"photo.jpg" has no rendition "huge". It has large, medium, small.'),
    },
  },
  putImage: {
    responses: {
      "400": error("BadUpload", "The name or the content cannot be stored. Check the name and send it again."),
      "502": error("StorageFailed", "The storage did not take the image. Send the image again."),
      "503": error("StorageBusy", "The storage is busy. Send the image again in a moment."),
    },
  },
  listImages: {
    responses: {
      "200": { images: [listed], cursor: "NmYwZTQz" },
      "400": error("BadListRequest", 'limit must be a whole number from 1 to 100; got "0".'),
    },
  },
  getImage: { responses: { "200": image } },
  headImage: {},
  deleteImage: {
    responses: {
      "202": { ...image, status: "DELETING", renditions: [] },
      "503": error(
        "DeletionUnfinished",
        "So many uploads of the image wait that only a part is removed yet. Repeat the DELETE.",
      ),
    },
  },
};
