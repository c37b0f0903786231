/** The part of an SDK body that is used here. */
interface Body {
  transformToByteArray(): Promise<Uint8Array>;
}

/** A body as bytes. A connection that closes early can end a body without an error: what is shorter than its length is one. */
export async function wholeBody(body: Body, length: number, what: string): Promise<Uint8Array> {
  const bytes = await body.transformToByteArray();
  if (bytes.byteLength === length) return bytes;
  const message = `${what}: S3 sent ${bytes.byteLength} of ${length} bytes`;
  // Told apart by its name, under which dead letters are grouped.
  throw Object.assign(new Error(message), { name: "IncompleteBody" });
}
