import { AwsError } from "../http/awsError";
import type { AwsResponse } from "../http/wireService";
import { authorizeBucket } from "./access";
import { numberParameter, type S3Call } from "./parsedCall";
import { encodeKey } from "./listEncoding";
import { listTime, xmlAnswer } from "./answers";
import type { S3Context } from "./context";
import { invalidArgument } from "./errors";
import { commonPrefix, positionAfter, type Listed } from "./listing";
import { element, optional, type Markup } from "./markup";

/** The common parts of the lists. */
export interface ListRequest {
  prefix: string;
  delimiter: string;
  most: number;
  /** Encodes keys, prefixes and markers when `encoding-type=url` asks for it. */
  encode: (key: string) => string;
  encodingType?: string;
}

export function parseListRequest(call: S3Call, mostParameter = "max-keys"): ListRequest {
  const encodingType = call.query.get("encoding-type") ?? undefined;
  if (encodingType !== undefined && encodingType !== "url") {
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  }
  return {
    prefix: call.query.get("prefix") ?? "",
    delimiter: call.query.get("delimiter") ?? "",
    most: numberParameter(call.query, mostParameter, 1000),
    encode: encodingType ? encodeKey : (key) => key,
    ...(encodingType ? { encodingType } : {}),
  };
}

/** Condition keys of lists (amazon-s3-policy-keys.html). */
export const listContext = (call: S3Call): Record<string, string | undefined> => ({
  "s3:prefix": call.query.get("prefix") ?? undefined,
  "s3:delimiter": call.query.get("delimiter") ?? undefined,
  "s3:max-keys": call.query.get("max-keys") ?? undefined,
});

export const commonPrefixes = (items: readonly unknown[], encode: (key: string) => string): Markup[] =>
  items
    .filter((item): item is string => typeof item === "string")
    .map((prefix) => element("CommonPrefixes", element("Prefix", encode(prefix))));

export const owner = (s3: S3Context): Markup => element("Owner", element("ID", s3.ownerId));

const checksumMarkup = (entry: Pick<Listed, "algorithm" | "checksum_type">): (Markup | undefined)[] => [
  optional("ChecksumAlgorithm", entry.algorithm ?? undefined),
  optional("ChecksumType", entry.checksum_type ?? undefined),
];

const contents = (items: readonly (Listed | string)[], list: ListRequest, ownerMarkup?: Markup): Markup[] =>
  items
    .filter((item): item is Listed => typeof item !== "string")
    .map((item) =>
      element(
        "Contents",
        element("Key", list.encode(item.key)),
        element("LastModified", listTime(item.modified)),
        element("ETag", `"${item.etag}"`),
        ...checksumMarkup(item),
        element("Size", item.size),
        ownerMarkup,
        element("StorageClass", item.storage_class ?? "STANDARD"),
      ),
    );

const keyOf = (item: Listed | string | undefined): string => (typeof item === "string" ? item : (item?.key ?? ""));

/** A continuation token hides where the last page ended. */
const tokenOf = (marker: string): string => Buffer.from(marker).toString("base64url");

/** ListObjectsV2 (API_ListObjectsV2.html). A continuation token outweighs `start-after`. */
export function listObjectsV2(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:ListBucket", listContext(call));
  const list = parseListRequest(call);
  const { prefix, delimiter, most, encode } = list;
  const token = call.query.get("continuation-token");
  const startAfter = call.query.get("start-after");
  if (token === "") {
    throw new AwsError(400, "InvalidArgument", "The continuation token provided is incorrect", {
      ArgumentName: "continuation-token",
    });
  }
  const marker = token === null ? startAfter : Buffer.from(token, "base64url").toString();
  const from = marker ? { from: positionAfter(marker, prefix, delimiter) } : {};
  const { items, truncated } = s3.listing.objects(call.bucket, { prefix, delimiter, most, ...from });
  const withOwner = call.query.get("fetch-owner") === "true" ? owner(s3) : undefined;
  return xmlAnswer("ListBucketResult", [
    element("Name", call.bucket),
    element("Prefix", encode(prefix)),
    optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    optional("EncodingType", list.encodingType),
    element("MaxKeys", most),
    element("KeyCount", items.length),
    element("IsTruncated", truncated),
    optional("ContinuationToken", token ?? undefined),
    optional("NextContinuationToken", truncated ? tokenOf(keyOf(items.at(-1))) : undefined),
    optional("StartAfter", startAfter && token === null ? encode(startAfter) : undefined),
    ...contents(items, list, withOwner),
    ...commonPrefixes(items, encode),
  ]);
}

/** ListObjects, the first version (API_ListObjects.html): `NextMarker` is given only with a delimiter. */
export function listObjects(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:ListBucket", listContext(call));
  const list = parseListRequest(call);
  const { prefix, delimiter, most, encode } = list;
  const marker = call.query.get("marker") ?? "";
  const from = marker === "" ? {} : { from: positionAfter(marker, prefix, delimiter) };
  const { items, truncated } = s3.listing.objects(call.bucket, { prefix, delimiter, most, ...from });
  return xmlAnswer("ListBucketResult", [
    element("Name", call.bucket),
    element("Prefix", encode(prefix)),
    element("Marker", encode(marker)),
    optional("NextMarker", truncated && delimiter !== "" ? encode(keyOf(items.at(-1))) : undefined),
    optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    optional("EncodingType", list.encodingType),
    element("MaxKeys", most),
    element("IsTruncated", truncated),
    ...contents(items, list, owner(s3)),
    ...commonPrefixes(items, encode),
  ]);
}

/** ListObjectVersions (API_ListObjectVersions.html): delete markers and versions, each key's newest first. */
export function listObjectVersions(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:ListBucketVersions", listContext(call));
  const list = parseListRequest(call);
  const { prefix, delimiter, most, encode } = list;
  const keyMarker = call.query.get("key-marker") ?? "";
  const versionMarker = call.query.get("version-id-marker") ?? "";
  if (versionMarker !== "" && keyMarker === "") {
    const message = "A version-id marker cannot be specified without a key marker.";
    throw invalidArgument(message, "version-id-marker", versionMarker);
  }
  const from = versionPosition(s3, call.bucket, { keyMarker, versionMarker, prefix, delimiter });
  const { items, truncated } = s3.listing.versions(call.bucket, { prefix, delimiter, most, ...from });
  const last = items.at(-1);
  const lastVersion = typeof last === "object" ? last.version_id : undefined;
  return xmlAnswer("ListVersionsResult", [
    element("Name", call.bucket),
    element("Prefix", encode(prefix)),
    element("KeyMarker", encode(keyMarker)),
    element("VersionIdMarker", versionMarker),
    optional("NextKeyMarker", truncated ? encode(keyOf(last)) : undefined),
    optional("NextVersionIdMarker", truncated ? lastVersion : undefined),
    element("MaxKeys", most),
    optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    optional("EncodingType", list.encodingType),
    element("IsTruncated", truncated),
    ...items.filter((item): item is Listed => typeof item !== "string").map((item) => versionMarkup(s3, item, encode)),
    ...commonPrefixes(items, encode),
  ]);
}

function versionPosition(
  s3: S3Context,
  bucket: string,
  at: { keyMarker: string; versionMarker: string; prefix: string; delimiter: string },
): { from?: ReturnType<typeof positionAfter> } {
  if (at.keyMarker === "") return {};
  if (at.versionMarker === "" || commonPrefix(at.keyMarker, at.prefix, at.delimiter) !== undefined) {
    return { from: positionAfter(at.keyMarker, at.prefix, at.delimiter) };
  }
  const marked = s3.objects.version(bucket, at.keyMarker, at.versionMarker);
  // A version that was deleted between two pages: the rest of its key is listed again rather than left out.
  if (!marked) return { from: { key: Buffer.from(at.keyMarker) } };
  return { from: { key: Buffer.from(at.keyMarker), ordinal: marked.ordinal } };
}

function versionMarkup(s3: S3Context, item: Listed, encode: (key: string) => string): Markup {
  const marker = item.delete_marker === 1;
  return element(
    marker ? "DeleteMarker" : "Version",
    element("Key", encode(item.key)),
    element("VersionId", item.version_id),
    element("IsLatest", item.latest === 1),
    element("LastModified", listTime(item.modified)),
    ...(marker ? [] : [element("ETag", `"${item.etag}"`), ...checksumMarkup(item), element("Size", item.size)]),
    owner(s3),
    marker ? undefined : element("StorageClass", item.storage_class ?? "STANDARD"),
  );
}
