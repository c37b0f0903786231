/** The second id of an answer of S3, by which AWS finds the machine that gave it: here it follows from the first. */
export const hostIdOf = (requestId: string): string => Buffer.from(requestId.repeat(3)).toString("base64");
