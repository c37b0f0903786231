import { AwsV4Signer } from "aws4fetch";

import { unreachable } from "./errors";
import { pause, secondsToWait } from "./pause";

/** Keys of an AWS identity that may call the API. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary keys. */
  sessionToken?: string;
}

type Given<T> = T | (() => T | Promise<T>);

/**
 * How the API knows its caller: by SigV4 (`apiAuth: iam`), or by the token of a Cognito user (`cognito`). A function is
 * called for each request, because temporary keys and tokens expire.
 */
export type Auth = { region: string; keys: Given<Keys> } | { token: Given<string> };

/** How often a request is sent while the API is busy. */
const TRIES = 5;

/**
 * A `fetch` that authorises each request, and sends it again after 429 and 503: every request of this API may be
 * repeated.
 * @param auth undefined where everyone may call the API
 */
export function authorisedFetch(auth: Auth | undefined): (request: Request) => Promise<Response> {
  return async (request) => {
    const { method, url, signal } = request;
    const body = method === "POST" ? await request.text() : undefined;
    for (let tries = 1; ; tries++) {
      const headers = await authorised(auth, { method, url, headers: request.headers, body });
      const response = await fetch(url, { method, headers, body, signal }).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : unreachable(url, error);
      });
      if (![429, 503].includes(response.status) || tries === TRIES) return response;
      await response.body?.cancel();
      await pause(secondsToWait(response) ?? 2 ** tries / 10, signal);
    }
  };
}

async function authorised(
  auth: Auth | undefined,
  request: { method: string; url: string; headers: Headers; body?: string },
): Promise<Headers> {
  if (auth === undefined) return request.headers;
  if ("keys" in auth) {
    const { region, keys } = auth;
    const signer = new AwsV4Signer({
      ...request,
      ...(typeof keys === "function" ? await keys() : keys),
      region,
      service: "execute-api",
    });
    return (await signer.sign()).headers;
  }
  const headers = new Headers(request.headers);
  headers.set("authorization", typeof auth.token === "function" ? await auth.token() : auth.token);
  return headers;
}
