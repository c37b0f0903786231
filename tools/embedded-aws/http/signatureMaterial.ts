import type { ParsedRequest } from "./parsedRequest";
import { signatureErrors } from "./signatureErrors";
import { parseCredential, type CredentialScope } from "./signingKey";

/** The claims of a request about its signature, not verified yet. */
export interface SignatureMaterial {
  presigned: boolean;
  scope: CredentialScope;
  /** `YYYYMMDDTHHMMSSZ` */
  timestamp: string;
  signedHeaders: string[];
  signature: string;
  sessionToken?: string;
  /** Only of presigned requests. */
  expiresInSeconds?: number;
}

const algorithm = "AWS4-HMAC-SHA256";
const longestExpiry = 604_800;

/** The service that a request is signed for, well-formed or not; undefined when it does not say. */
export function signedService(call: ParsedRequest): string | undefined {
  const header = call.headers.authorization;
  const credential =
    header === undefined ? call.query.get("X-Amz-Credential") : /Credential=([^,\s]*)/.exec(header)?.[1];
  return credential?.split("/").at(-2);
}

/** True when the request carries any kind of credentials. */
export function isSigned(call: ParsedRequest): boolean {
  return (
    call.headers.authorization !== undefined ||
    ["X-Amz-Algorithm", "X-Amz-Signature", "X-Amz-Credential", "AWSAccessKeyId"].some((name) => call.query.has(name))
  );
}

/** Reads the signature of a request from its Authorization header, or else from its query. Throws AwsError. */
export function signatureMaterial(call: ParsedRequest, region: string | undefined): SignatureMaterial {
  const service = signedService(call);
  if (!isSigned(call)) throw signatureErrors.missing(service);
  const header = call.headers.authorization;
  const known = header === undefined ? !call.query.has("AWSAccessKeyId") : header.startsWith(`${algorithm} `);
  if (!known) throw signatureErrors.otherMechanism(region);
  return header === undefined ? fromQuery(call) : fromHeader(call, header, service);
}

function fromHeader(call: ParsedRequest, header: string, service: string | undefined): SignatureMaterial {
  const fields = new Map(
    header
      .slice(algorithm.length)
      .split(",")
      .map((field) => {
        const [name = "", ...value] = field.trim().split("=");
        return [name, value.join("=")] as const;
      }),
  );
  const scope = parseCredential(fields.get("Credential") ?? "");
  const signedHeaders = fields.get("SignedHeaders");
  const signature = fields.get("Signature");
  const timestamp = call.headers["x-amz-date"] ?? timestampOfDateHeader(call.headers.date);
  const missing = [
    ...(scope ? [] : ["Credential"]),
    ...(signature ? [] : ["Signature"]),
    ...(signedHeaders ? [] : ["SignedHeaders"]),
  ];
  if (!scope || !signedHeaders || !signature) throw signatureErrors.malformedHeader(service, header, missing);
  if (timestamp === undefined) throw signatureErrors.malformedHeader(service, header, ["X-Amz-Date' or 'Date"]);
  return {
    presigned: false,
    scope,
    timestamp,
    signedHeaders: signedHeaders.toLowerCase().split(";"),
    signature,
    sessionToken: call.headers["x-amz-security-token"],
  };
}

function timestampOfDateHeader(date: string | undefined): string | undefined {
  if (date === undefined) return undefined;
  if (/^\d{8}T\d{6}Z$/.test(date)) return date;
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function fromQuery(call: ParsedRequest): SignatureMaterial {
  const { query } = call;
  const credential = query.get("X-Amz-Credential");
  const timestamp = query.get("X-Amz-Date");
  const signedHeaders = query.get("X-Amz-SignedHeaders");
  const signature = query.get("X-Amz-Signature");
  const expires = query.get("X-Amz-Expires");
  if (!query.get("X-Amz-Algorithm") || !credential || !timestamp || !signedHeaders || !signature || expires === null) {
    throw signatureErrors.malformedQuery(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, " +
        "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  if (query.get("X-Amz-Algorithm") !== algorithm) {
    throw signatureErrors.malformedQuery(`X-Amz-Algorithm only supports "${algorithm}"`);
  }
  const scope = parseCredential(credential);
  if (!scope) {
    throw signatureErrors.malformedQuery(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  return {
    presigned: true,
    scope,
    timestamp,
    signedHeaders: signedHeaders.toLowerCase().split(";"),
    signature,
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresInSeconds: expiry(expires),
  };
}

function expiry(text: string): number {
  if (!/^-?\d+$/.test(text)) throw signatureErrors.malformedQuery("X-Amz-Expires should be a number");
  const seconds = Number(text);
  if (seconds < 0) throw signatureErrors.malformedQuery("X-Amz-Expires must be non-negative");
  if (seconds > longestExpiry) {
    throw signatureErrors.malformedQuery(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  }
  return seconds;
}
