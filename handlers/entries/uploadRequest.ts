// Named, not `* as v`: a namespace object of this package would be serialised whole.
import { getDotPath, optional, picklist, safeParse, strictObject, string } from "valibot";

import { whole } from "../imageSchemas";
import { detailEntries } from "../protocol/uploadDetails";
import type { UploadRequest } from "../protocol/uploadProcess";
import type { ApiEvent } from "./apiEvent";

/** The request in the body of `POST /uploads`, or a sentence that says what is wrong with it. */
export function uploadRequest({ body, isBase64Encoded }: ApiEvent): UploadRequest | { refused: string } {
  const bytes = Buffer.from(body ?? "", isBase64Encoded === true ? "base64" : "utf8");
  if (bytes.length > MAX_BODY_BYTES) {
    return { refused: `The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are allowed.` };
  }
  const text = bytes.toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { refused: 'The body must be a JSON object such as {"object": "photo.jpg"}. It is not JSON.' };
  }
  // To the schema a list is an object without properties.
  if (Array.isArray(json)) return { refused: "The body must be a JSON object." };
  const parsed = safeParse(requestSchema(), json, { abortPipeEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { refused: `${getDotPath(issue) ?? "The body"} ${issue.message}.` };
  }
  const { method, bytes: putBytes, ...request } = parsed.output;
  if (method === "POST") {
    return putBytes === undefined
      ? { ...request, method }
      : { refused: "bytes is for the method PUT only. Leave it out." };
  }
  return putBytes === undefined
    ? { refused: "bytes must tell how many bytes the PUT will have." }
    : { ...request, method, bytes: putBytes };
}

/** More than every request needs, and less than nests so deeply that its JSON cannot be written again. */
const MAX_BODY_BYTES = 8_192;
const NAME = "must be the image's name";

/** Made inside a function, because a captured schema cannot be serialised with a callback. */
function requestSchema() {
  return strictObject(
    {
      object: string(NAME),
      method: optional(picklist(["POST", "PUT"], "must be POST or PUT"), "POST"),
      bytes: optional(whole(1, Number.MAX_SAFE_INTEGER)),
      ...detailEntries(),
    },
    ({ expected }) =>
      expected === "never"
        ? "is unknown; allowed are object, method, bytes, metadata, focus"
        : expected === "Object"
          ? "must be a JSON object"
          : NAME,
  );
}
