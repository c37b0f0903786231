import { createHash } from "node:crypto";
import type { ImageStatus } from "../protocol/rawImageGetProcess";
import { type ApiAnswer, type ApiEvent, headerOf } from "./apiEvent";

/** URLs in an answer work for an hour: a client must not keep an answer for so long. */
const URL_LIFE = 30 * 60_000;
/** Seconds after which it is worth to ask again for an image that is on its way to another status. */
const RETRY_SECONDS = "1";

/**
 * The headers of an image's status: an entity tag that stays the same while the image does and its URLs work, and when
 * to ask again for an image that is not settled.
 * @param now milliseconds since 1970
 */
export function freshness(
  image: Pick<ImageStatus<unknown>, "object" | "renditions" | "pending"> & { status: string },
  now: number,
): Record<string, string> {
  const state = JSON.stringify([image, Math.floor(now / URL_LIFE)]);
  const tag = createHash("sha256").update(state).digest("hex").slice(0, 32);
  const onTheWay = ["UPLOADED", "PROCESSING", "DELETING"].includes(image.pending?.status ?? image.status);
  return {
    etag: `"${tag}"`,
    // A client may keep the answer, and asks each time whether it still holds.
    "cache-control": "private, no-cache",
    ...(onTheWay && { "retry-after": RETRY_SECONDS }),
  };
}

/** 304 in place of an answer that the client has already; see https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match */
export function unlessKnown(event: ApiEvent, answer: ApiAnswer): ApiAnswer {
  const asked = headerOf(event, "if-none-match");
  const known = asked?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  const tag = answer.headers?.etag;
  return tag !== undefined && (known?.includes(tag) || asked?.trim() === "*")
    ? { status: 304, body: undefined, headers: answer.headers }
    : answer;
}
