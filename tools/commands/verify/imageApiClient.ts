import { urlSegment } from "../../../handlers/protocol/objectName";
import type { ImageStatus } from "../../../handlers/protocol/rawImageGetProcess";
import { signedFetch } from "../support/signedFetch";
import type { Target } from "./target";

/** The beginning of every name that a verification uploads. */
export const NAME_PREFIX = "snail-verify-";

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

interface CallOptions {
  body?: Uint8Array;
  /** Sends no credentials. */
  anonymous?: boolean;
}

/** Calls the API as the stack's settings ask for, and remembers each name that it uploads. */
export class ImageApiClient {
  /** Names that may be stored. */
  readonly names = new Set<string>();

  /** @param run what tells the names of this run from those of others */
  constructor(
    private readonly target: Target,
    readonly run: string,
  ) {}

  /** A name of this run. @param rest its end, with the extension of an image */
  name(rest: string): string {
    return `${NAME_PREFIX}${this.run}-${rest}`;
  }

  put(name: string, body: Uint8Array): Promise<Answer> {
    this.names.add(name);
    return this.call("PUT", name, { body });
  }

  get(name: string): Promise<Answer> {
    return this.call("GET", name);
  }

  delete(name: string): Promise<Answer> {
    return this.call("DELETE", name);
  }

  /** Asks `POST /uploads` for an upload. */
  grant(request: { object: string }, options?: CallOptions): Promise<Answer> {
    this.names.add(request.object);
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
    });
    return read(response);
  }
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
