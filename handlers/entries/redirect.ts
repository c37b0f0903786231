import type { ImageUrls } from "../ports";
import type { FoundImage } from "../protocol/rawImageGetProcess";
import { bestFor } from "./accept";
import { refusal } from "./api";
import type { ApiAnswer } from "./apiEvent";

/** Seconds for which a client may keep a redirect: the URL works for longer, and a new upload is seen soon. */
const KEPT_SECONDS = 60;

/**
 * The answer to a request for one rendition: where it is now, or why it is not there. Of several formats the request's
 * `Accept` header chooses one.
 */
export async function redirect(
  {
    object,
    status,
    reason,
    renditions,
  }: Pick<FoundImage, "object" | "renditions"> & { status: string; reason?: string },
  { imageType, accept }: { imageType: string; accept: string | undefined },
  urls: ImageUrls,
): Promise<ApiAnswer> {
  const rendition = bestFor(
    accept,
    renditions.filter((one) => one.imageType === imageType),
  );
  if (rendition) {
    const location = await urls.url(rendition.imageId);
    const headers = { location, "cache-control": `private, max-age=${KEPT_SECONDS}`, vary: "Accept" };
    return { status: 302, body: undefined, headers };
  }
  if (renditions.length > 0) {
    const types = [...new Set(renditions.map((one) => one.imageType))].join(", ");
    return refusal(404, "NoSuchRendition", `"${object}" has no rendition "${imageType}". It has ${types}.`);
  }
  if (status === "UPLOADED" || status === "PROCESSING") {
    return { status: 202, body: { object, status }, headers: { "retry-after": "1" } };
  }
  return refusal(404, "NoRenditions", `"${object}" is ${status}. ${reason ?? "It has no renditions."}`);
}
