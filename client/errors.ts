interface Details {
  status?: number;
  cause?: unknown;
}

/**
 * Whatever goes wrong: an error that the API or S3 answers, with their own code; `Unreachable` where neither answers;
 * `EmptyFile`; `Timeout` after a wait; and the image's status (`REJECTED`, `FAILED`) where an upload did not become
 * `READY`. A call that its signal aborts ends with that signal's reason.
 */
export class ImageServiceError extends Error {
  override readonly name = "ImageServiceError";
  /** HTTP status of the answer; undefined where there was none. */
  readonly status?: number;

  /**
   * @param code the kind of error
   * @param message what was wrong, and what to do
   */
  constructor(
    readonly code: string,
    message: string,
    { status, cause }: Details = {},
  ) {
    super(message, { cause });
    this.status = status;
  }
}

/** An error without an answer. @param error what `fetch` threw */
export function unreachable(url: string, error: unknown): ImageServiceError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new ImageServiceError("Unreachable", `no answer from ${new URL(url).origin} (${reason})`, { cause: error });
}

/** The error that the API answers: `{"error": {"code", "message"}}`, or API Gateway's own `{"message"}`. */
export function apiError(status: number, body: unknown): ImageServiceError {
  const { error, message } = fieldsOf(body);
  const own = fieldsOf(error);
  const code = typeof own.code === "string" ? own.code : `Status${status}`;
  const text = [own.message, message, body].find((one) => typeof one === "string" && one !== "");
  return new ImageServiceError(code, typeof text === "string" ? text : `The API answered ${status}.`, { status });
}

/** The error that S3 answers, as XML. */
export function storageError(status: number, xml: string): ImageServiceError {
  const text = (tag: string): string | undefined => new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(xml)?.[1];
  const message = `S3 answered ${status}: ${text("Message") ?? xml.slice(0, 200)}`;
  return new ImageServiceError(text("Code") ?? `Status${status}`, message, { status });
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
