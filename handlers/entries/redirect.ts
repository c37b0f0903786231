import type { ImageStatus } from "../protocol/rawImageGetProcess";
import { refusal, type ApiAnswer } from "./api";

/** Seconds for which a client may keep a redirect: the URL works for an hour, and a new upload is seen soon. */
const KEPT_SECONDS = 60;

/** The answer to a request for one rendition: where it is now, or why it is not there. */
export function redirect(
  { object, status, reason, renditions }: Pick<ImageStatus, "object" | "reason" | "renditions"> & { status: string },
  imageType: string,
): ApiAnswer {
  const rendition = renditions.find((one) => one.imageType === imageType);
  if (rendition) {
    const headers = { location: rendition.url, "cache-control": `private, max-age=${KEPT_SECONDS}` };
    return { status: 302, body: undefined, headers };
  }
  if (renditions.length > 0) {
    const types = renditions.map((one) => one.imageType).join(", ");
    return refusal(404, "NoSuchRendition", `"${object}" has no rendition "${imageType}". It has ${types}.`);
  }
  if (status === "UPLOADED" || status === "PROCESSING") {
    return { status: 202, body: { object, status }, headers: { "retry-after": "1" } };
  }
  return refusal(404, "NoRenditions", `"${object}" is ${status}. ${reason ?? "It has no renditions."}`);
}
