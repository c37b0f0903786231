import { AwsError } from "../http/awsError";
import type { S3Call } from "./parsedCall";
import {
  createDigest,
  defaultAlgorithm,
  givenChecksum,
  md5Digest,
  type Checksum,
  type ChecksumAlgorithm,
  type Digest,
} from "./checksums";
import type { S3Context } from "./context";
import { badDigest, invalidRequest } from "./errors";

/** A body that lies in a file of its own, not yet part of the store. */
export interface Received {
  file: string;
  size: number;
  /** Hexadecimal. */
  md5: string;
  /** The one that the request brought, or the one that was wanted. */
  checksum?: Checksum;
  /** The value of `defaultAlgorithm`, when it was asked for beside the checksum. */
  defaultChecksum?: string;
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

/** The MD5 that a request announces, in hexadecimal. */
function announcedMd5(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const bytes = Buffer.from(header, "base64");
  if (bytes.length === 16) return bytes.toString("hex");
  throw new AwsError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", { "Content-MD5": header });
}

/** Which checksums a body gets. */
interface Wanted {
  /** The one for a request that brings none; none when left out. */
  algorithm?: ChecksumAlgorithm;
  /** True: that of `defaultAlgorithm` as well, whatever the request brings. */
  withDefault?: boolean;
}

/** AWS names both digests of a body whose MD5 is wrong, in different notations (recorded: test_s3_invalid_content_md5). */
const badMd5 = (call: S3Call, announced: string, found: string): AwsError =>
  new AwsError(400, "BadDigest", "The Content-MD5 you specified did not match what we received.", {
    ExpectedDigest: call.query.has("partNumber") ? (call.headers["content-md5"] ?? "") : announced,
    CalculatedDigest: Buffer.from(found, "hex").toString("base64"),
  });

/**
 * Stores the body of a PUT in a file and checks what its headers say of it. The MD5 is always computed, for the ETag. A
 * trailing checksum was verified while the body was read, and is taken over.
 */
export async function receiveBody(s3: S3Context, call: S3Call, wanted: Wanted): Promise<Received> {
  const length = announcedLength(call);
  const { headers, request } = call;
  const announced = announcedMd5(headers["content-md5"]);
  const given = givenChecksum(headers);
  const trailing = headers["x-amz-trailer"] !== undefined;
  const computed = given?.algorithm ?? (trailing ? undefined : wanted.algorithm);
  const md5 = md5Digest();
  const digest = computed && createDigest(computed);
  const standard = wanted.withDefault === true ? createDigest(defaultAlgorithm) : undefined;
  const digests = [md5, digest, standard].filter((one) => one !== undefined);
  const { file, size } = await s3.bodies.receive(request.body, digests);
  try {
    if (size !== length) throw incompleteBody();
    const found = await md5.digest();
    if (announced !== undefined && announced !== found) throw badMd5(call, announced, found);
    const value = computed && digest ? { algorithm: computed, value: await digest.digest() } : undefined;
    if (given && given.value !== value?.value) throw badDigest(given.algorithm);
    const known = value ?? givenChecksum((await request.trailers) ?? {});
    return {
      file,
      size,
      md5: found,
      ...(known ? { checksum: { ...known, type: "FULL_OBJECT" } } : {}),
      ...(standard ? { defaultChecksum: await standard.digest() } : {}),
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
  const bytes = Buffer.concat(chunks);
  await checkText(call, bytes);
  return bytes.toString("utf8");
}

/** On CompleteMultipartUpload, the one POST with an upload's id, the checksum headers are those of the object. */
async function checkText(call: S3Call, bytes: Uint8Array): Promise<void> {
  const announced = announcedMd5(call.headers["content-md5"]);
  const compute = (digest: Digest): Promise<string> => {
    digest.update(bytes);
    return digest.digest();
  };
  const md5 = announced === undefined ? undefined : await compute(md5Digest());
  if (announced !== undefined && md5 !== undefined && announced !== md5) throw badMd5(call, announced, md5);
  if (call.query.has("uploadId")) return;
  const given = givenChecksum(call.headers);
  if (given && given.value !== (await compute(createDigest(given.algorithm)))) throw badDigest(given.algorithm);
}
