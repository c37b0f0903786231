import type { Readable } from "node:stream";
import type { Principal } from "../iam/principal";
import type { ParsedRequest } from "./parsedRequest";

/** One call to a service, in the form in which every service receives it: over the wire or from another service. */
export interface AwsRequest extends Omit<ParsedRequest, "rawQuery"> {
  /** The service's name in the credential scope: `s3`, `sqs`, `dynamodb`, `sts`, … */
  service: string;
  /** The payload without aws-chunked framing; its checksums are verified while it is read. */
  body: Readable;
  /** The trailing headers of an aws-chunked payload, lower case. Settles once `body` was read to its end. */
  trailers?: Promise<Record<string, string>>;
  principal: Principal;
  requestId: string;
  /** True when the caller used TLS, or is on this machine: it decides `aws:SecureTransport`. */
  secure: boolean;
  /** Aborts when the client disconnects before the answer. Absent for calls within the process. */
  signal?: AbortSignal;
}

export interface AwsResponse {
  status: number;
  headers: Record<string, string>;
  body?: string | Uint8Array | Readable;
}

/** A service that speaks its own wire protocol. It answers its own errors in its own format, and never throws. */
export interface WireService {
  handle(request: AwsRequest): Promise<AwsResponse>;
}
