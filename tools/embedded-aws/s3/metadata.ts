import { withoutChunking } from "../http/awsChunked";
import { AwsError } from "../http/awsError";

type Headers = Record<string, string | undefined>;

/** System-defined metadata that callers control (UsingMetadata.html). */
const systemHeaders = [
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "expires",
  "x-amz-website-redirect-location",
];
const storageClasses = [
  ...["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING"],
  ...["GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"],
];
const userPrefix = "x-amz-meta-";

/**
 * The metadata of a new object.
 * @param read how a value of user metadata is read: encoded words of headers are decoded, those of forms are kept
 */
export function metadataOf(headers: Headers, read: (value: string) => string): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of systemHeaders) {
    const value = headers[name];
    if (value !== undefined && value !== "") kept[name] = value;
  }
  const encoding = withoutChunking(headers["content-encoding"]);
  if (encoding !== undefined) kept["content-encoding"] = encoding;
  const storageClass = headers["x-amz-storage-class"];
  if (storageClass !== undefined && !storageClasses.includes(storageClass)) {
    throw new AwsError(400, "InvalidStorageClass", "The storage class you specified is not valid", {
      StorageClassRequested: storageClass,
    });
  }
  if (storageClass !== undefined && storageClass !== "STANDARD") kept["x-amz-storage-class"] = storageClass;
  const user = Object.entries(userMetadata(headers)).map(([name, value]) => [name, read(value)]);
  return { ...kept, ...(Object.fromEntries(user) as Record<string, string>) };
}

/** "the user-defined metadata is limited to 2 KB in size … the sum of the number of bytes in the UTF-8 encoding of each key and value" (UsingMetadata.html). */
function userMetadata(headers: Headers): Record<string, string> {
  const entries = Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[0].startsWith(userPrefix) && entry[1] !== undefined,
  );
  const bytes = entries.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) - userPrefix.length + Buffer.byteLength(value),
    0,
  );
  if (bytes > 2048) {
    throw new AwsError(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      Size: String(bytes),
      MaxSizeAllowed: "2048",
    });
  }
  return Object.fromEntries(entries);
}
