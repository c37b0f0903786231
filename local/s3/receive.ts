import { AwsError } from "../http/awsError";
import type { S3Call } from "./call";
import { createDigest, givenChecksum, md5Digest, type Checksum, type ChecksumAlgorithm } from "./checksums";
import type { S3Context } from "./context";
import { invalidRequest } from "./errors";

/** A body that lies in a file of its own, not yet part of the store. */
export interface Received {
  file: string;
  size: number;
  /** Hexadecimal. */
  md5: string;
  checksum?: Checksum;
}

/** "5 GB" is the most for a single PUT or part (qfacts.html). */
const mostBytes = 5 * 1024 ** 3;

/** The length that the request announces, of the payload itself; MissingContentLength when it does not. */
function announcedLength(call: S3Call): number {
  const text = call.headers["content-length"];
  if (text === undefined) {
    throw new AwsError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const length = Number(text);
  if (length > mostBytes) {
    throw new AwsError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: text,
      MaxSizeAllowed: String(mostBytes),
    });
  }
  return length;
}

const incompleteBody = (): AwsError =>
  new AwsError(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
  );

/**
 * Stores the body of a PUT in a file. What the request says of its content was verified by whoever opened the body, while
 * it was read; so nothing is hashed twice: the MD5, for the ETag, is computed unless Content-MD5 tells it, and a
 * checksum only when the request brings none and `algorithm` asks for one.
 */
export async function receiveBody(s3: S3Context, call: S3Call, algorithm?: ChecksumAlgorithm): Promise<Received> {
  const length = announcedLength(call);
  const { headers, request } = call;
  const given = givenChecksum(headers);
  const trailing = headers["x-amz-trailer"] !== undefined;
  const md5 = headers["content-md5"] === undefined ? md5Digest() : undefined;
  const digest = algorithm && !given && !trailing ? createDigest(algorithm) : undefined;
  const { file, size } = await s3.bodies.receive(
    request.body,
    [md5, digest].filter((wanted) => wanted !== undefined),
  );
  try {
    if (size !== length) throw incompleteBody();
    const known = given ?? givenChecksum((await request.trailers) ?? {});
    const value = known ?? (algorithm && digest && { algorithm, value: digest.digest() });
    return {
      file,
      size,
      md5: md5?.digest() ?? Buffer.from(headers["content-md5"] ?? "", "base64").toString("hex"),
      ...(value ? { checksum: { ...value, type: "FULL_OBJECT" } } : {}),
    };
  } catch (error) {
    await s3.bodies.discard(file);
    throw error;
  }
}

/** The most that a request with a document may bring: 1,000 keys of 1,024 bytes, escaped. */
const mostTextBytes = 8 << 20;

/** Reads the document of a request. */
export async function receiveText(call: S3Call): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of call.request.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostTextBytes) throw invalidRequest("The document in the request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
