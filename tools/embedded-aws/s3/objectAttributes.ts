import type { AwsResponse } from "../http/wireService";
import { authorizeObject, versionOf } from "./access";
import { xmlAnswer } from "./answers";
import { checksumElement } from "./checksums";
import type { S3Context } from "./context";
import { invalidArgument, invalidRequest } from "./errors";
import { findReadable } from "./getObject";
import { element, optional, type Markup } from "./markup";
import type { ObjectVersion } from "./objectStore";
import { headerNumber, type S3Call } from "./parsedCall";
import { versionHeader } from "./versionHeaders";

const known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/** GetObjectAttributes (API_GetObjectAttributes.html). It needs the right to read the object as well. */
export function getObjectAttributes(s3: S3Context, call: S3Call): AwsResponse {
  const versionId = versionOf(call);
  const action = versionId === undefined ? "s3:GetObjectAttributes" : "s3:GetObjectVersionAttributes";
  authorizeObject(s3, call, action, { "s3:versionid": versionId });
  const version = findReadable(s3, call);
  const wanted = wantedAttributes(call.headers["x-amz-object-attributes"]);
  const content: Record<string, Markup | undefined> = {
    ETag: element("ETag", version.etag),
    Checksum: checksumMarkup(version),
    ObjectParts: partsMarkup(call, version),
    StorageClass: element("StorageClass", version.headers["x-amz-storage-class"] ?? "STANDARD"),
    ObjectSize: element("ObjectSize", version.size),
  };
  return xmlAnswer(
    "GetObjectAttributesResponse",
    Object.keys(content).map((name) => (wanted.includes(name) ? content[name] : undefined)),
    { "last-modified": new Date(version.modified).toUTCString(), ...versionHeader(s3, version) },
  );
}

function wantedAttributes(header: string | undefined): string[] {
  const wanted = (header ?? "").split(",").map((name) => name.trim());
  if (header === undefined || header === "") {
    throw invalidRequest(
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    );
  }
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return wanted;
  throw invalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", unknown);
}

/** A composite checksum goes without its number of parts here. */
const checksumMarkup = ({ checksum }: ObjectVersion): Markup | undefined =>
  checksum &&
  element(
    "Checksum",
    element(checksumElement(checksum.algorithm), checksum.value.replace(/-\d+$/, "")),
    element("ChecksumType", checksum.type),
  );

/** The parts of an object that was uploaded in parts; each is described only when the checksum is composite. */
function partsMarkup(call: S3Call, { parts, checksum }: ObjectVersion): Markup | undefined {
  if (!parts) return undefined;
  const count = element("PartsCount", parts.length);
  if (checksum?.type !== "COMPOSITE") return element("ObjectParts", count);
  const after = headerNumber(call.headers, "x-amz-part-number-marker", 0);
  const most = headerNumber(call.headers, "x-amz-max-parts", 1000);
  const rest = parts.filter(({ number }) => number > after);
  const page = rest.slice(0, most);
  return element(
    "ObjectParts",
    count,
    element("PartNumberMarker", after),
    element("NextPartNumberMarker", page.at(-1)?.number ?? 0),
    element("MaxParts", most),
    element("IsTruncated", rest.length > page.length),
    ...page.map((part) =>
      element(
        "Part",
        element("PartNumber", part.number),
        part.checksum && element(checksumElement(part.checksum.algorithm), part.checksum.value),
        optional("Size", part.size),
      ),
    ),
  );
}
