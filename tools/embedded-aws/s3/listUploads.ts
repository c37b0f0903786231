import type { AwsResponse } from "../http/wireService";
import { authorizeBucket, authorizeObject } from "./access";
import { numberParameter, type S3Call } from "./parsedCall";
import { listTime, xmlAnswer } from "./answers";
import { checksumElement } from "./checksums";
import type { S3Context } from "./context";
import { invalidArgument } from "./errors";
import { commonPrefix, positionAfter } from "./listing";
import { commonPrefixes, owner, parseListRequest } from "./listObjects";
import { findUpload } from "./multipart";
import type { Upload } from "./uploadStore";
import { element, optional, type Markup } from "./markup";

const initiator = (s3: S3Context): Markup =>
  element("Initiator", element("ID", s3.ownerId), element("DisplayName", "owner"));

/** ListParts (API_ListParts.html). */
export function listParts(s3: S3Context, call: S3Call): AwsResponse {
  authorizeObject(s3, call, "s3:ListMultipartUploadParts");
  const upload = findUpload(s3, call);
  const most = numberParameter(call.query, "max-parts", 1000);
  const after = call.query.get("part-number-marker") ? numberParameter(call.query, "part-number-marker", 10_000) : 0;
  const found = s3.uploads.parts(upload.id, after, most + 1);
  const parts = found.slice(0, most);
  const truncated = found.length > most;
  return xmlAnswer("ListPartsResult", [
    element("Bucket", call.bucket),
    element("Key", call.key),
    element("UploadId", upload.id),
    initiator(s3),
    owner(s3),
    element("StorageClass", upload.headers["x-amz-storage-class"] ?? "STANDARD"),
    element("PartNumberMarker", after),
    element("NextPartNumberMarker", parts.at(-1)?.number ?? 0),
    element("MaxParts", most),
    element("IsTruncated", truncated),
    optional("ChecksumAlgorithm", upload.checksum?.algorithm),
    optional("ChecksumType", upload.checksum?.type),
    ...parts.map((part) =>
      element(
        "Part",
        element("PartNumber", part.number),
        element("LastModified", listTime(part.modified)),
        element("ETag", `"${part.etag}"`),
        upload.checksum && part.checksum && element(checksumElement(part.checksum.algorithm), part.checksum.value),
        element("Size", part.size),
      ),
    ),
  ]);
}

/** ListMultipartUploads (API_ListMultipartUploads.html): by key, and the uploads of a key from the oldest. */
export function listMultipartUploads(s3: S3Context, call: S3Call): AwsResponse {
  authorizeBucket(s3, call, "s3:ListBucketMultipartUploads");
  const list = parseListRequest(call, "max-uploads");
  const { prefix, delimiter, most, encode } = list;
  const keyMarker = call.query.get("key-marker") ?? "";
  const idMarker = call.query.get("upload-id-marker") ?? "";
  const marked = idMarker === "" ? undefined : s3.uploads.find(idMarker, call.bucket, keyMarker);
  if (keyMarker !== "" && idMarker !== "" && !marked) {
    throw invalidArgument("Invalid uploadId marker", "upload-id-marker", idMarker);
  }
  const grouped = commonPrefix(keyMarker, prefix, delimiter) !== undefined;
  const position =
    marked && !grouped
      ? { key: Buffer.from(keyMarker), ordinal: marked.ordinal }
      : positionAfter(keyMarker, prefix, delimiter);
  const from = keyMarker === "" ? {} : { from: position };
  const { items, truncated } = s3.uploads.list(call.bucket, { prefix, delimiter, most, ...from });
  const last = items.at(-1);
  // After a common prefix there is no marker to go on with (recorded: test_list_multipart_uploads_marker_common_prefixes).
  const next = typeof last === "object" ? last : { key: "", id: "" };
  return xmlAnswer("ListMultipartUploadsResult", [
    element("Bucket", call.bucket),
    element("KeyMarker", encode(keyMarker)),
    element("UploadIdMarker", keyMarker === "" ? "" : idMarker),
    element("NextKeyMarker", encode(next.key)),
    element("NextUploadIdMarker", next.id),
    optional("Prefix", prefix === "" ? undefined : encode(prefix)),
    optional("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    optional("EncodingType", list.encodingType),
    element("MaxUploads", most),
    element("IsTruncated", truncated),
    ...items
      .filter((item): item is Upload => typeof item !== "string")
      .map((upload) =>
        element(
          "Upload",
          element("Key", encode(upload.key)),
          element("UploadId", upload.id),
          initiator(s3),
          owner(s3),
          element("StorageClass", upload.headers["x-amz-storage-class"] ?? "STANDARD"),
          element("Initiated", listTime(upload.created)),
          optional("ChecksumAlgorithm", upload.checksum?.algorithm),
          optional("ChecksumType", upload.checksum?.type),
        ),
      ),
    ...commonPrefixes(items, encode),
  ]);
}
