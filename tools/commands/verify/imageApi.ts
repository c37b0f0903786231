import { urlSegment } from "../../../handlers/protocol/objectName";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { signedFetch } from "../support/signedFetch";
import type { Target } from "../support/target";

/** An answer of the API, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The image's status; empty where the answer tells none. */
  image: Partial<ImageStatus>;
  /** The error's code and message; empty where there is none. */
  error: { code?: string; message?: string };
}

export interface CallOptions {
  body?: Uint8Array;
  /** Sends no credentials. */
  anonymous?: boolean;
}

interface GrantRequest extends Pick<ImageStatus, "metadata" | "focus"> {
  object: string;
  method?: "PUT";
  bytes?: number;
}

/** Calls the API as the stack's settings ask for: signed, with a token, or as anyone. */
export class ImageApi {
  constructor(protected readonly target: Target) {}

  put(name: string, body: Uint8Array): Promise<Answer> {
    return this.call("PUT", name, { body });
  }

  get(name: string): Promise<Answer> {
    return this.call("GET", name);
  }

  delete(name: string): Promise<Answer> {
    return this.call("DELETE", name);
  }

  /** Asks `POST /uploads` for an upload. */
  grant(request: GrantRequest, options?: CallOptions): Promise<Answer> {
    return this.send("POST", "/uploads", { ...options, body: Buffer.from(JSON.stringify(request)) });
  }

  call(method: "GET" | "PUT" | "DELETE", name: string, options?: CallOptions): Promise<Answer> {
    return this.send(method, `/raw/${urlSegment(name)}`, options);
  }

  private async send(
    method: "GET" | "PUT" | "DELETE" | "POST",
    path: string,
    { body, anonymous = false }: CallOptions = {},
  ): Promise<Answer> {
    const { apiAuth, apiUrl, region, idToken } = this.target;
    const signs = apiAuth === "iam" && !anonymous;
    const token = apiAuth === "cognito" && !anonymous ? idToken : undefined;
    const response = await signedFetch({
      method,
      url: `${apiUrl}${path}`,
      region,
      body,
      headers: {
        ...(token !== undefined && { authorization: token }),
        ...(body && { "content-type": "application/octet-stream" }),
      },
      ...(signs && { keys: await this.target.keys() }),
    }).catch((error: unknown) => {
      throw unreachable(apiUrl, error);
    });
    return read(response);
  }
}

/** The error of a request that no service answered, with what to do about it. */
function unreachable(apiUrl: string, error: unknown): Error {
  const { cause = error } = error as { cause?: unknown };
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new Error(`no answer from ${apiUrl} (${reason}): does the service run? \`npm start\` starts it here`, {
    cause: error,
  });
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const parsed = objectOf(text);
  const error = parsed.error as Answer["error"] | undefined;
  return { status: response.status, headers: response.headers, text, image: error ? {} : parsed, error: error ?? {} };
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
