import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { VerifiedCall } from "./authenticate";
import { decodeAwsChunked, withoutChunking } from "./awsChunked";
import { AwsError } from "./awsError";
import { createChecksum, isChecksumAlgorithm } from "./checksums";

type Headers = Record<string, string | undefined>;

/** A request's payload on the way to S3. */
export interface Payload {
  /** The object's bytes. It fails with an AwsError when a hash, checksum, signature or length turns out wrong. */
  body: Readable;
  /** The trailing headers, lower case. Settles once `body` was read to its end; rejects as `body` fails. */
  trailers: Promise<Record<string, string>>;
  /** The request's headers without aws-chunked: the payload's own `content-length` and `content-encoding`. */
  headers: Headers;
}

const signedStreams = ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"];
const unsignedStream = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/**
 * Opens the body of a call to S3: takes it out of its aws-chunked framing, and checks its signed hash, the signatures of
 * its chunks, its length and its trailing checksums while it is read. Checksums in headers are S3's own to check,
 * because on some operations they are those of a whole object instead of the body.
 * @param verified undefined for an anonymous call
 */
export function openPayload(
  source: AsyncIterable<Uint8Array>,
  requestHeaders: Headers,
  verified: VerifiedCall | undefined,
): Payload {
  const payloadHash = verified?.payloadHash ?? requestHeaders["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  let settle: { resolve(trailers: Record<string, string>): void; reject(error: unknown): void } | undefined;
  const trailers = new Promise<Record<string, string>>((resolve, reject) => (settle = { resolve, reject }));
  // Readers that do not await the trailers see the failure in the body.
  trailers.catch(() => undefined);

  const checks: Check[] = /^[0-9a-f]{64}$/.test(payloadHash) ? [payloadHashCheck(payloadHash)] : [];
  const headers = { ...requestHeaders };
  let pieces = source;
  let received: Record<string, string> = {};
  let expectedLength: number | undefined;
  if (payloadHash.startsWith("STREAMING-")) {
    const signing = signedStreams.includes(payloadHash) ? verified?.chunks : undefined;
    if (payloadHash !== unsignedStream && signing === undefined) throw unsupportedHash(payloadHash);
    expectedLength = decodedLength(headers);
    const trailerNames = headerList(headers["x-amz-trailer"]);
    const trailing = trailerNames.map(trailerCheck);
    checks.push(...trailing.map((check) => ({ update: check.update, verify: () => check.verify(received) })));
    pieces = decodeAwsChunked({ source, signing, trailerNames, onTrailers: (found) => (received = found) });
    unframe(headers, expectedLength);
  } else if (payloadHash !== "UNSIGNED-PAYLOAD" && checks.length === 0) {
    throw unsupportedHash(payloadHash);
  }

  async function* verify(): AsyncGenerator<Uint8Array> {
    try {
      let length = 0;
      for await (const piece of pieces) {
        length += piece.length;
        for (const check of checks) check.update(piece);
        yield piece;
      }
      if (expectedLength !== undefined && length !== expectedLength) throw incompleteBody();
      for (const check of checks) await check.verify();
      settle?.resolve(received);
    } catch (error) {
      settle?.reject(error);
      throw error;
    }
  }
  return { body: Readable.from(verify(), { objectMode: false }), trailers, headers };
}

const unsupportedHash = (hash: string): AwsError =>
  new AwsError(
    400,
    "InvalidArgument",
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, " +
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.",
    { ArgumentName: "x-amz-content-sha256", ArgumentValue: hash },
  );

const incompleteBody = (): AwsError =>
  new AwsError(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header.",
  );

function decodedLength(headers: Headers): number {
  const text = headers["x-amz-decoded-content-length"];
  if (text !== undefined && /^\d+$/.test(text)) return Number(text);
  throw new AwsError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
}

function unframe(headers: Headers, length: number): void {
  headers["content-encoding"] = withoutChunking(headers["content-encoding"]);
  headers["content-length"] = String(length);
}

const headerList = (header: string | undefined): string[] =>
  (header ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");

interface Check {
  update: (bytes: Uint8Array) => void;
  verify: () => void | Promise<void>;
}

function payloadHashCheck(expected: string): Check {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    verify: () => {
      const computed = hash.digest("hex");
      if (computed === expected) return;
      throw new AwsError(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
      );
    },
  };
}

function trailerCheck(name: string): {
  update: (bytes: Uint8Array) => void;
  verify: (trailers: Record<string, string>) => Promise<void>;
} {
  const algorithm = name.replace(/^x-amz-checksum-/, "");
  if (!isChecksumAlgorithm(algorithm)) {
    throw new AwsError(400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");
  }
  const checksum = createChecksum(algorithm);
  return {
    update: (bytes) => checksum.update(bytes),
    verify: async (trailers) => {
      if ((await checksum.digest()) !== trailers[name]) throw badDigest(algorithm);
    },
  };
}

const badDigest = (algorithm: string): AwsError =>
  new AwsError(400, "BadDigest", `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
