import { refuseName, tempKey } from "./objectName";
import { userMetadataOf, type UploadDetails } from "./uploadDetails";
import type { Clock, PresignedUploads } from "../ports";
import type { UploadLimits } from "../imageTypes";

export interface UploadPorts {
  uploads: PresignedUploads;
  limits: UploadLimits;
  clock: Clock;
}

/** A request of `POST /uploads`. A `PUT` says how many bytes it has, because its signature cannot bound them. */
export type UploadRequest = { object: string } & UploadDetails &
  ({ method: "POST" } | { method: "PUT"; bytes: number });

/** How to send one upload. */
export type UploadGrant = {
  object: string;
  url: string;
  /** The longest file, in bytes. */
  maxBytes: number;
  /** ISO 8601 in UTC. */
  expiresAt: string;
} & (
  | { method: "POST"; /** Sent before the file, as `multipart/form-data`. */ fields: Record<string, string> }
  | { method: "PUT"; headers: Record<string, string> }
);

/** How long a client may wait until it sends the upload. */
const UPLOAD_SECONDS = 15 * 60;

/**
 * Grants one upload of one name, straight into the temp bucket. Nothing is recorded: an upload begins when S3 has it,
 * and is taken in as one by `PUT /raw/{object}` is.
 */
export function uploadProcess({ uploads, limits, clock }: UploadPorts) {
  return async (request: UploadRequest): Promise<UploadGrant | { refused: string }> => {
    const { object, method } = request;
    const refused = refuseName(object, limits.acceptedExtensions) ?? refuseBytes(request, limits);
    if (refused !== undefined) return { refused };
    const key = tempKey(object);
    const { maxBytes } = limits;
    const terms = { expiresInSeconds: UPLOAD_SECONDS, userMetadata: userMetadataOf(request) };
    const expiresAt = new Date(clock.now() + UPLOAD_SECONDS * 1000).toISOString();
    return method === "PUT"
      ? { object, method, ...(await uploads.put(key, { ...terms, bytes: request.bytes })), maxBytes, expiresAt }
      : { object, method, ...(await uploads.post(key, { ...terms, maxBytes })), maxBytes, expiresAt };
  };
}

function refuseBytes(request: UploadRequest, { maxBytes }: UploadLimits): string | undefined {
  return request.method === "PUT" && request.bytes > maxBytes
    ? `The file has ${request.bytes} bytes; up to ${maxBytes} are allowed. Send a smaller one.`
    : undefined;
}
