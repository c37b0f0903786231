/** An error that AWS would answer, with the code and wording of its documentation. */
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

/** Something that AWS can do and this embedded AWS can not: 501 with the operation's name, never silent acceptance. */
export const notImplemented = (operation: string): AwsError =>
  new AwsError(501, "NotImplemented", `The embedded AWS does not implement ${operation}.`);
