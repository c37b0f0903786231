import type { Iam } from "../iam/iam";
import type { Principal } from "../iam/principal";
import type { ParsedRequest } from "./parsedRequest";
import { canonicalRequest } from "./canonicalRequest";
import { checkAge } from "./signatureAge";
import { signatureErrors } from "./signatureErrors";
import { signatureMaterial, type SignatureMaterial } from "./signatureMaterial";
import { emptySha256, hmacHex, sameSignature, scopeText, sha256Hex, signingKey } from "./signingKey";

export interface AuthenticateOptions {
  iam: Pick<Iam, "lookup">;
  /** The service that must have been signed for; any when left out. */
  service?: string;
  /** The region that must have been signed for; any when left out. */
  region?: string;
  now?: () => Date;
}

/** A request whose body hash is known, as hex SHA-256. S3 takes the hash from the request and checks it while reading. */
export type HashedCall = ParsedRequest & { payloadHash?: string };

/** Key and seed of the signatures of an aws-chunked body; each chunk's signature covers the one before it. */
export interface ChunkSigning {
  key: Buffer;
  timestamp: string;
  /** `<date>/<region>/<service>/aws4_request` */
  scope: string;
  seedSignature: string;
}

export interface VerifiedCall {
  principal: Principal;
  service: string;
  /** The payload hash that was signed: hex, `UNSIGNED-PAYLOAD`, or a `STREAMING-…` marker. */
  payloadHash: string;
  chunks: ChunkSigning;
}

/** Returns the signer of a request. Throws AwsError when the signature is missing, malformed, too old or wrong. */
export function authenticate(call: HashedCall, options: AuthenticateOptions): Principal {
  return verifySignature(call, options).principal;
}

/** As `authenticate`, with the values that check the body. */
export function verifySignature(call: HashedCall, options: AuthenticateOptions): VerifiedCall {
  const material = signatureMaterial(call, options.region);
  const { scope } = material;
  const service = options.service ?? scope.service;
  if (scope.service !== service) throw signatureErrors.wrongService(scope.service, service);
  if (options.region !== undefined && scope.region !== options.region) {
    throw signatureErrors.wrongRegion(service, scope.region, options.region);
  }
  const now = options.now?.() ?? new Date();
  checkAge(material, now);
  if (scope.date !== material.timestamp.slice(0, 8)) throw signatureErrors.wrongDate(scope.date, material.timestamp);
  checkSignedHeaders(call, material);

  const known = options.iam.lookup(scope.accessKeyId);
  if (known === undefined) throw signatureErrors.unknownKey(service, scope.accessKeyId);
  if (known.credentials.sessionToken !== material.sessionToken) {
    throw material.sessionToken === undefined
      ? signatureErrors.unknownKey(service, scope.accessKeyId)
      : signatureErrors.wrongToken(service);
  }
  const { expiresAt = Infinity } = known.credentials;
  if (now.getTime() >= expiresAt) throw signatureErrors.expiredToken(service);

  const payloadHash = signedPayloadHash(call, material);
  const canonical = canonicalRequest({
    ...call,
    signedHeaders: material.signedHeaders,
    payloadHash,
    service,
  });
  const stringToSign = ["AWS4-HMAC-SHA256", material.timestamp, scopeText(scope), sha256Hex(canonical)].join("\n");
  const key = signingKey(known.credentials.secretAccessKey, scope);
  if (!sameSignature(hmacHex(key, stringToSign), material.signature)) {
    throw signatureErrors.mismatch(service, {
      AWSAccessKeyId: scope.accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: material.signature,
      CanonicalRequest: canonical,
    });
  }
  return {
    principal: known.principal,
    service,
    payloadHash,
    chunks: { key, timestamp: material.timestamp, scope: scopeText(scope), seedSignature: material.signature },
  };
}

function checkSignedHeaders(call: ParsedRequest, material: SignatureMaterial): void {
  const { service } = material.scope;
  if (!material.signedHeaders.includes("host")) throw signatureErrors.unsignedHost(service);
  if (service !== "s3") return;
  const unsigned = Object.keys(call.headers).filter(
    (name) =>
      name.startsWith("x-amz-") &&
      !material.signedHeaders.includes(name) &&
      // Clients may send the hash along with a presigned URL; it is then not what was signed, and not used.
      !(material.presigned && name === "x-amz-content-sha256"),
  );
  if (unsigned.length > 0) throw signatureErrors.unsignedHeaders(unsigned);
}

function signedPayloadHash(call: HashedCall, material: SignatureMaterial): string {
  if (material.scope.service !== "s3") return call.payloadHash ?? emptySha256;
  const header = call.headers["x-amz-content-sha256"];
  if (!material.presigned) {
    if (header === undefined) throw signatureErrors.missingPayloadHash();
    return header;
  }
  if (header !== undefined && material.signedHeaders.includes("x-amz-content-sha256")) return header;
  return call.query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
}
