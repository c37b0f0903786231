import { AwsError } from "../http/awsError";
import { internalError, invalidArgument, malformedXml } from "./errors";
import { parseXml, type XmlNode } from "./xml";
import { element, type Markup } from "./markup";

export type Tags = Record<string, string>;

const invalidTag = (message: string, details: Record<string, string>): AwsError =>
  new AwsError(400, "InvalidTag", message, details);

/** Letters, blanks, digits and `_ . : / = + - @` ("Categorizing your objects using tags", object-tagging.html). */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The thing that has the tags. The creation of a bucket words its refusals differently (recorded: test_create_bucket_with_tags_exc). */
type Tagged = "object" | "bucket" | "newBucket";

const mostTags: Record<Tagged, number> = { object: 10, bucket: 50, newBucket: 50 };

const reservedKey: Record<Tagged, string> = {
  object: "Your TagKey cannot be prefixed with aws:",
  bucket: "System tags cannot be added/updated by requester",
  newBucket:
    'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
};

/** Limits of "Categorizing your objects using tags" (object-tagging.html): 10 tags an object, 50 a bucket, 128 and 256 characters. */
function collect(pairs: readonly (readonly [string, string])[], tagged: Tagged): Tags {
  const most = mostTags[tagged];
  if (pairs.length > most) throw new AwsError(400, "BadRequest", `Object tags cannot be greater than ${most}`);
  const tags: Tags = {};
  for (const [key, value] of pairs) {
    const named = { TagKey: key };
    if (key.length < 1 || key.length > 128 || !allowed.test(key)) {
      throw invalidTag("The TagKey you have provided is invalid", named);
    }
    if (key.startsWith("aws:")) throw invalidTag(reservedKey[tagged], tagged === "newBucket" ? {} : named);
    if (value.length > 256 || !allowed.test(value)) {
      throw invalidTag("The TagValue you have provided is invalid", { ...named, TagValue: value });
    }
    if (key in tags && tagged === "newBucket") throw internalError();
    if (key in tags) throw invalidTag("Cannot provide multiple Tags with the same key", named);
    tags[key] = value;
  }
  return tags;
}

/** Tags of the `x-amz-tagging` header, encoded as a query. */
export function parseTagHeader(header: string | undefined): Tags {
  if (header === undefined) return {};
  const pairs = [...new URLSearchParams(header)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size === pairs.length && !header.includes(",")) return collect(pairs, "object");
  throw invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    "x-amz-tagging",
    header,
  );
}

/** Tags of a `<Tagging>` document. */
export function parseTagDocument(text: string, tagged: Tagged = "object"): Tags {
  return tagsOf(parseXml(text, "Tagging").child("TagSet")?.children("Tag") ?? [], tagged);
}

/** Tags of `<Tag>` elements, each of which has a key and a value. */
export const tagsOf = (elements: readonly XmlNode[], tagged: Tagged): Tags =>
  collect(
    elements.map((tag) => {
      const [key, value] = [tag.text("Key"), tag.text("Value")];
      if (key === undefined || value === undefined) throw malformedXml();
      return [key, value] as const;
    }),
    tagged,
  );

export const tagSet = (tags: Tags): Markup =>
  element(
    "TagSet",
    ...Object.entries(tags).map(([key, value]) => element("Tag", element("Key", key), element("Value", value))),
  );
