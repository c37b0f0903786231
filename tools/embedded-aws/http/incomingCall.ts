import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Principal } from "../iam/principal";
import { type AuthenticateOptions, verifySignature } from "./authenticate";
import { parseRequest, type ParsedRequest } from "./parsedRequest";
import { openPayload } from "./payload";
import { readAll } from "./readAll";
import { isSigned, signedService } from "./signatureMaterial";
import { signatureErrors } from "./signatureErrors";
import { sha256Hex } from "./signingKey";
import type { AwsRequest } from "./wireService";

/** A request that is parsed and addressed to a service; its signature is not checked yet. */
export interface IncomingCall extends ParsedRequest {
  service: string;
  /** The operation's name if the protocol has it; S3's is in method, path and query. */
  operation?: string;
  requestId: string;
}

export function incomingCall(request: IncomingMessage): IncomingCall {
  const parsed = parseRequest(request);
  const service = signedService(parsed) ?? serviceOfUnsigned(parsed);
  const operation = parsed.headers["x-amz-target"]?.split(".").at(-1) ?? parsed.query.get("Action") ?? undefined;
  const requestId = service === "s3" ? randomBytes(8).toString("hex").toUpperCase() : randomUUID();
  return { ...parsed, service, operation, requestId };
}

/** Unsigned calls belong to the service whose protocol they speak: S3, unless a header or form says otherwise. */
function serviceOfUnsigned({ path, headers }: ParsedRequest): string {
  const target = headers["x-amz-target"] ?? "";
  if (target.startsWith("AmazonSQS.")) return "sqs";
  if (target.startsWith("DynamoDB_")) return "dynamodb";
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  return form && path === "/" ? "sts" : "s3";
}

type Opened = Pick<AwsRequest, "principal" | "headers" | "body" | "trailers">;

const anonymous: Principal = { kind: "anonymous", arn: "*", accountId: "" };

/** More than the largest request of any service but S3, whose bodies are streamed. */
const largestBufferedBody = 20 * 1024 * 1024;

/** Checks the signature of a call and opens its body. Throws AwsError when the signature or the payload is wrong. */
export async function openCall(
  call: IncomingCall,
  body: AsyncIterable<Uint8Array>,
  options: Omit<AuthenticateOptions, "service">,
): Promise<Opened> {
  const expected = { ...options, service: call.service };
  if (call.service === "s3") {
    // A preflight request has the parameters of the request after it, its signature too (RESTOPTIONSobject.html).
    const verified = isSigned(call) && call.method !== "OPTIONS" ? verifySignature(call, expected) : undefined;
    return { principal: verified?.principal ?? anonymous, ...openPayload(body, call.headers, verified) };
  }
  if (!isSigned(call)) throw signatureErrors.missing(call.service);
  const payload = await readAll(body, largestBufferedBody);
  const { principal } = verifySignature({ ...call, payloadHash: sha256Hex(payload) }, expected);
  return { principal, headers: call.headers, body: Readable.from(payload) };
}
