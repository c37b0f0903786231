import { createHash } from "node:crypto";
import type { ChunkSigning } from "./authenticate";
import { AwsError } from "./awsError";
import { ByteReader } from "./byteReader";
import { signatureErrors } from "./signatureErrors";
import { emptySha256, hmacHex, sameSignature, sha256Hex } from "./signingKey";

/**
 * The payload of a body in aws-chunked encoding. Chunk signatures are checked as each chunk ends, so bytes may be
 * yielded before the generator throws: a reader must not act on them before the end.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
interface ChunkedBody {
  source: AsyncIterable<Uint8Array>;
  /** Absent for `STREAMING-UNSIGNED-PAYLOAD-TRAILER`. */
  signing?: ChunkSigning;
  /** Names of the trailing headers that `x-amz-trailer` announced, lower case. */
  trailerNames: string[];
  /** Takes the trailing headers, lower case, when the last of the payload was yielded. */
  onTrailers(trailers: Record<string, string>): void;
}

/** A Content-Encoding without aws-chunked, which is the framing of the upload and not an encoding of the object. */
export function withoutChunking(encodings: string | undefined): string | undefined {
  const kept = (encodings ?? "").split(",").filter((encoding) => !["", "aws-chunked"].includes(encoding.trim()));
  return kept.length === 0 ? undefined : kept.join(",").trim();
}

const longestLine = 16_384;
const smallestChunk = 8192;

export async function* decodeAwsChunked(body: ChunkedBody): AsyncGenerator<Buffer> {
  const reader = new ByteReader(body.source);
  let signature = body.signing?.seedSignature ?? "";
  let shortChunk = false;
  for (;;) {
    const header = parseChunkHeader(await reader.line(longestLine));
    if (shortChunk && header.size > 0) {
      throw new AwsError(
        403,
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
      );
    }
    shortChunk = header.size < smallestChunk;
    const hash = createHash("sha256");
    for await (const piece of reader.bytes(header.size)) {
      if (body.signing) hash.update(piece);
      yield piece;
    }
    if (body.signing) {
      const text = chunkStringToSign(body.signing, signature, hash.digest("hex"));
      signature = checked(body.signing, text, header.signature);
    }
    if (header.size === 0) break;
    if ((await reader.line(longestLine)) !== "") throw malformedChunk("A chunk is longer than its header says.");
  }
  body.onTrailers(await readTrailers(reader, body, signature));
}

const malformedChunk = (message: string): AwsError => new AwsError(400, "InvalidRequest", message);

function parseChunkHeader(line: string | undefined): { size: number; signature: string } {
  if (line === undefined) throw new AwsError(400, "IncompleteBody", "The request body terminated unexpectedly");
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (match === null) throw malformedChunk(`'${line.slice(0, 40)}' is not the header of an aws-chunked chunk.`);
  return { size: parseInt(match[1] ?? "", 16), signature: match[2] ?? "" };
}

function chunkStringToSign(signing: ChunkSigning, previous: string, payloadHash: string): string {
  return ["AWS4-HMAC-SHA256-PAYLOAD", signing.timestamp, signing.scope, previous, emptySha256, payloadHash].join("\n");
}

function checked(signing: ChunkSigning, stringToSign: string, signature: string): string {
  if (sameSignature(hmacHex(signing.key, stringToSign), signature)) return signature;
  throw signatureErrors.mismatch("s3", { StringToSign: stringToSign, SignatureProvided: signature });
}

async function readTrailers(
  reader: ByteReader,
  body: ChunkedBody,
  previousSignature: string,
): Promise<Record<string, string>> {
  const trailers: Record<string, string> = {};
  let signed = "";
  let signature = "";
  for (let line = await reader.line(longestLine); line !== undefined; line = await reader.line(longestLine)) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (colon < 0) throw malformedTrailer();
    if (name === "x-amz-trailer-signature") signature = value;
    else {
      if (!body.trailerNames.includes(name)) throw malformedTrailer();
      trailers[name] = value;
      signed += `${name}:${value}\n`;
    }
  }
  if (body.trailerNames.some((name) => trailers[name] === undefined)) throw malformedTrailer();
  if (body.signing && body.trailerNames.length > 0) {
    const { timestamp, scope } = body.signing;
    const text = ["AWS4-HMAC-SHA256-TRAILER", timestamp, scope, previousSignature, sha256Hex(signed)].join("\n");
    checked(body.signing, text, signature);
  }
  return trailers;
}

const malformedTrailer = (): AwsError =>
  new AwsError(
    400,
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );
