// Named, not `* as v`: a namespace object of this package would be serialised whole.
import {
  check,
  getDotPath,
  maxValue,
  minValue,
  number,
  optional,
  pipe,
  safeParse,
  strictObject,
  transform,
  unknown,
} from "valibot";

import type { UserMetadata } from "../ports";
import type { RawRecord } from "../records";

/** All that a client may tell of an upload besides its name and its bytes. */
export type UploadDetails = Pick<RawRecord, "metadata" | "focus">;

/** The most bytes of `metadata` as JSON in UTF-8: in Base64 they fit into the 2 KB of an object's user metadata. */
export const MAX_METADATA_BYTES = 1_024;

/**
 * The fields of a request that are an upload's details: JSON values are read, `metadata` becomes its text and
 * `focus` is rounded, because DynamoDB takes no number as small as JSON does. A message completes a sentence that begins
 * with the field. Use with `abortPipeEarly`. The schemas are made inside a function, because a captured schema cannot be
 * serialised with a callback.
 */
export function detailEntries() {
  const metadata = pipe(
    unknown(),
    check((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be a JSON object"),
    check(
      (value) => bytesOf(value) <= MAX_METADATA_BYTES,
      ({ input }) => `has ${bytesOf(input)} bytes as JSON in UTF-8; at most ${MAX_METADATA_BYTES} are allowed`,
    ),
    check(isExact, `has a number beyond ±${Number.MAX_SAFE_INTEGER}, which would lose digits; send it as text`),
    transform((value) => JSON.stringify(value)),
  );
  const share = "must be a number from 0 to 1";
  const side = pipe(
    number(share),
    minValue(0, share),
    maxValue(1, share),
    transform((value) => Math.round(value * 1e5) / 1e5),
  );
  const focus = strictObject({ x: side, y: side }, ({ expected }) =>
    expected === "never"
      ? "is unknown; allowed are x, y"
      : expected === "Object"
        ? 'must be a JSON object such as {"x": 0.5, "y": 0.25}'
        : share,
  );
  return { metadata: optional(metadata), focus: optional(focus) };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Whether reading and writing a JSON value keeps its numbers. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

/**
 * The details as user metadata of an S3 object: JSON in Base64 for URLs, because values must be ASCII.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function userMetadataOf({ metadata, focus }: UploadDetails): UserMetadata {
  const encode = (json: string): string => Buffer.from(json).toString("base64url");
  return {
    ...(metadata !== undefined && { metadata: encode(metadata) }),
    ...(focus && { focus: encode(JSON.stringify(focus)) }),
  };
}

/** The details in an upload's user metadata, or a sentence that says what is wrong with them. Others are ignored. */
export function detailsOf({ metadata, focus }: UserMetadata): UploadDetails | { refused: string } {
  const told = { metadata: decoded(metadata), focus: decoded(focus) };
  const parsed = safeParse(strictObject(detailEntries()), told, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const subject = `The upload's ${getDotPath(issue) ?? "details"}`;
  return { refused: `${subject} ${issue.message}. Ask POST /uploads for an upload, and send that.` };
}

/** A JSON value, or a text where it is not JSON: that is never a field's value. */
function decoded(encoded: string | undefined): unknown {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64url").toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
