import type { Readable } from "node:stream";
import { release } from "../garbage";

/**
 * A body as bytes. A connection that closes early can end a body without an error: what is shorter than its length is one.
 * Each chunk is let go as it is copied, which the SDK's own way keeps beside the whole.
 */
export async function wholeBody(body: Readable, length: number, what: string): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let sent = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes.set(chunk.subarray(0, length - sent), sent);
    sent += chunk.byteLength;
    release(chunk);
  }
  if (sent === length) return bytes;
  const message = `${what}: S3 sent ${sent} of ${length} bytes`;
  // Told apart by its name, under which dead letters are grouped.
  throw Object.assign(new Error(message), { name: "IncompleteBody" });
}
