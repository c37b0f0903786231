/** An error in AWS's own code and wording. */
export class AwsError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further elements of the error's body: `{ BucketName: "…" }`. */
    readonly details: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** 501 with the name of an operation that AWS has and the embedded AWS has not. */
export const notImplemented = (operation: string): AwsError =>
  new AwsError(501, "NotImplemented", `The embedded AWS does not implement ${operation}.`);
