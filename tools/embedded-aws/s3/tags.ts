import { AwsError } from "../http/awsError";
import { malformedXml } from "./errors";
import { parseXml } from "./xml";
import { element, type Markup } from "./markup";

export type Tags = Record<string, string>;

const invalidTag = (message: string, key = ""): AwsError => new AwsError(400, "InvalidTag", message, { TagKey: key });

/** Limits of "Categorizing your objects using tags" (object-tagging.html): 10 tags an object, 50 a bucket, 128 and 256 characters. */
function collect(pairs: readonly (readonly [string, string])[], most: number): Tags {
  if (pairs.length > most) throw new AwsError(400, "BadRequest", `Object tags cannot be greater than ${most}`);
  const tags: Tags = {};
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > 128) throw invalidTag("The TagKey you have provided is invalid", key);
    if (value.length > 256) throw invalidTag("The TagValue you have provided is invalid", key);
    if (key in tags) throw invalidTag("Cannot provide multiple Tags with the same key", key);
    tags[key] = value;
  }
  return tags;
}

/** Tags of the `x-amz-tagging` header, encoded as a query. */
export const parseTagHeader = (header: string | undefined): Tags =>
  header === undefined ? {} : collect([...new URLSearchParams(header)], 10);

/** Tags of a `<Tagging>` document. */
export function parseTagDocument(text: string, most = 10): Tags {
  const set = parseXml(text, "Tagging").child("TagSet");
  if (!set) throw malformedXml();
  return collect(
    set.children("Tag").map((tag) => [tag.text("Key") ?? "", tag.text("Value") ?? ""] as const),
    most,
  );
}

export const tagSet = (tags: Tags): Markup =>
  element(
    "TagSet",
    ...Object.entries(tags).map(([key, value]) => element("Tag", element("Key", key), element("Value", value))),
  );
