import { AwsError } from "../http/awsError";

/** A stretch of bytes, both ends included. */
export interface ByteRange {
  first: number;
  last: number;
}

const invalidRange = (requested: string, size: number): AwsError =>
  new AwsError(416, "InvalidRange", "The requested range is not satisfiable", {
    RangeRequested: requested,
    ActualObjectSize: String(size),
  });

/**
 * The bytes that a Range header asks for. Anything but one range of bytes is ignored, as "Amazon S3 doesn't support
 * retrieving multiple ranges of data per GET request" (API_GetObject.html) and RFC 9110 lets a server do.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  const [, from = "", to = ""] = match ?? [];
  if (!match || header === undefined || (from === "" && to === "")) return undefined;
  if (from === "") {
    const suffix = Number(to);
    if (suffix === 0 || size === 0) throw invalidRange(header, size);
    return { first: Math.max(0, size - suffix), last: size - 1 };
  }
  const first = Number(from);
  const last = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== "" && Number(to) < first) return undefined;
  if (first >= size) throw invalidRange(header, size);
  return { first, last };
}
