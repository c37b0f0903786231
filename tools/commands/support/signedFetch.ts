import { createHash, createHmac } from "node:crypto";

import { SignatureV4 } from "@smithy/signature-v4";

interface AccessKeys {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface SignedRequest {
  method: string;
  url: string;
  region: string;
  /** Service name in the credential scope. Default: `execute-api`. */
  service?: string;
  body?: Uint8Array;
  headers?: Record<string, string>;
  /** Undefined: the request goes out unsigned. */
  keys?: AccessKeys;
  signal?: AbortSignal;
  /** Default: redirects are followed, unsigned. */
  redirect?: "manual";
}

/**
 * Sends one request, signed with SigV4 as an API Gateway client signs it.
 * @example
 * const { api, region } = service.endpoints;
 * const response = await signedFetch({ method: "GET", url: `${api}/raw/photo.jpg`, region, keys: service.keys });
 */
export async function signedFetch({
  method,
  url,
  region,
  service = "execute-api",
  body,
  headers = {},
  keys,
  signal,
  redirect,
}: SignedRequest): Promise<Response> {
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const request = {
    method,
    protocol,
    hostname,
    body,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { ...headers, host },
  };
  const signed = keys
    ? await new SignatureV4({ service, region, credentials: keys, sha256: Sha256 }).sign(request)
    : request;
  const sent = Object.entries(signed.headers).filter(([name]) => name !== "host");
  return fetch(url, {
    method,
    headers: Object.fromEntries(sent),
    body: body as Uint8Array<ArrayBuffer>,
    signal,
    redirect,
  });
}

/** The hash constructor that the signer asks for, on Node's own crypto. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Uint8Array);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(data as Uint8Array);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }

  reset(): void {
    throw new Error("not needed");
  }
}
