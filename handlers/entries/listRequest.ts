import { createHmac } from "node:crypto";

import type { ListQuery } from "../protocol/rawImageListProcess";
import { MAX_NAME_BYTES } from "../protocol/objectName";
import type { ListedStatus } from "../records";
import type { ApiEvent } from "./apiEvent";

/** A request of `GET /raw`. */
export interface ListRequest {
  query: ListQuery;
  /** Where the page begins; undefined: with the newest. */
  before: string | undefined;
  limit: number;
  /** Whether images are told with their renditions. A place in the list does not depend on it, nor does a cursor. */
  renditions: boolean;
}

const DEFAULT_LIMIT = 50;
const MOST_IMAGES = 100;
const parameters = ["status", "prefix", "cursor", "limit", "renditions"];
const statuses: ListedStatus[] = ["READY", "PROCESSING", "FAILED", "REJECTED", "DELETING"];

/**
 * The request in the query of `GET /raw`, or a sentence that says what is wrong with it. A parameter that is not known is
 * refused: a misspelt one would list something else.
 * @param scope whose cursors are taken: the table's name
 */
export function listRequest(
  { multiValueQueryStringParameters }: ApiEvent,
  scope: string,
): ListRequest | { refused: string } {
  const given = Object.entries(multiValueQueryStringParameters ?? {});
  for (const [name, values = []] of given) {
    if (!parameters.includes(name)) return { refused: `${name} is unknown; allowed are ${parameters.join(", ")}.` };
    if (values.length > 1) return { refused: `${name} is given ${values.length} times. Give it once.` };
  }
  const {
    status: [status] = ["READY"],
    prefix: [prefix] = [""],
    limit: [limit] = [String(DEFAULT_LIMIT)],
    renditions: [renditions] = ["false"],
    cursor,
  } = multiValueQueryStringParameters ?? {};
  const listed = statuses.find((one) => one === status);
  if (listed === undefined) return { refused: `status must be one of ${statuses.join(", ")}; got "${status}".` };
  const bytes = Buffer.byteLength(prefix ?? "");
  if (bytes > MAX_NAME_BYTES) return { refused: `prefix has ${bytes} bytes; names have at most ${MAX_NAME_BYTES}.` };
  if (!/^[1-9]\d{0,2}$/.test(limit ?? "") || Number(limit) > MOST_IMAGES) {
    return { refused: `limit must be a whole number from 1 to ${MOST_IMAGES}; got "${limit}".` };
  }
  if (renditions !== "true" && renditions !== "false") {
    return { refused: `renditions must be true or false; got "${renditions}".` };
  }
  const query = { status: listed, prefix: prefix ?? "" };
  const request = { query, limit: Number(limit), renditions: renditions === "true" };
  if (cursor === undefined) return { ...request, before: undefined };
  const before = placeOf(cursor[0] ?? "", query, scope);
  return before === undefined
    ? { refused: "cursor must be one that this list answered, with the same status and prefix. Start without it." }
    : { ...request, before };
}

/** A place in a list as text for a URL, which is taken back with the same query alone. */
export function cursorOf(place: string, query: ListQuery, scope: string): string {
  return Buffer.from(`${sealOf(place, query, scope)}${place}`).toString("base64url");
}

function placeOf(cursor: string, query: ListQuery, scope: string): string | undefined {
  const place = Buffer.from(cursor, "base64url").toString().slice(SEAL_LENGTH);
  return cursorOf(place, query, scope) === cursor ? place : undefined;
}

const SEAL_LENGTH = 32;

/**
 * Tells cursors of other lists and stacks, and damaged ones, from those of this list. It keeps no secret: with a cursor of
 * their own making callers see what the list shows them anyway.
 */
function sealOf(place: string, { status, prefix }: ListQuery, scope: string): string {
  return createHmac("sha256", scope)
    .update(JSON.stringify([place, status, prefix]))
    .digest("hex")
    .slice(0, SEAL_LENGTH);
}
