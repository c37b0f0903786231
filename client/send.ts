import { storageError, unreachable } from "./errors";
import type { Grant } from "./shapes";

/** Bytes of a file. */
export interface Progress {
  sent: number;
  total: number;
}

interface Sending {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

interface Stored {
  status: number;
  versionId: string | null;
  text: string;
}

/**
 * Sends a file as it was granted. A stream goes from the file's disk to the network, never all of it in memory.
 * @returns S3's version of the upload
 * @throws ImageServiceError
 */
export async function sendFile(grant: Grant, file: Blob, sending: Sending): Promise<string> {
  const { status, versionId, text } = await (typeof XMLHttpRequest === "undefined" ? byFetch : byXhr)(
    grant,
    file,
    sending,
  );
  if (status !== 200) throw storageError(status, text);
  return versionId ?? "";
}

async function byFetch({ url, headers }: Grant, file: Blob, { onProgress, signal }: Sending): Promise<Stored> {
  const response = await fetch(url, {
    method: "PUT",
    // S3 takes no upload of unknown length.
    headers: { ...headers, "content-length": String(file.size) },
    body: onProgress ? file.stream().pipeThrough(counter(file.size, onProgress)) : file.stream(),
    duplex: "half",
    signal,
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? signal.reason : unreachable(url, error);
  });
  return {
    status: response.status,
    versionId: response.headers.get("x-amz-version-id"),
    text: await response.text(),
  };
}

function counter(total: number, onProgress: (progress: Progress) => void): TransformStream<Uint8Array, Uint8Array> {
  let sent = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      onProgress({ sent, total });
      controller.enqueue(chunk);
    },
  });
}

/** Browsers report upload progress only for this. */
function byXhr({ url, headers }: Grant, file: Blob, { onProgress, signal }: Sending): Promise<Stored> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.({ sent: loaded, total });
    request.onload = () => {
      const { status, responseText: text } = request;
      resolve({ status, versionId: request.getResponseHeader("x-amz-version-id"), text });
    };
    request.onerror = () => reject(unreachable(url, "the browser tells no reason"));
    request.onabort = () => reject(signal?.reason as Error);
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort);
    request.send(file);
  });
}

/** The part of a browser's XMLHttpRequest that is used here: the types of Node have none. */
declare const XMLHttpRequest: new () => {
  readonly status: number;
  readonly responseText: string;
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void };
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  open: (method: string, url: string) => void;
  setRequestHeader: (name: string, value: string) => void;
  getResponseHeader: (name: string) => string | null;
  send: (body: Blob) => void;
  abort: () => void;
};
