import type { IncomingMessage } from "node:http";
import { AwsError } from "./awsError";

/** Reads a whole body. Throws 413 when it has more than `maxBytes`, and leaves the rest unread. */
export async function readAll(body: AsyncIterable<Uint8Array> | IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const source = "iterator" in body ? (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) : body;
  for await (const piece of source) {
    length += piece.length;
    if (length > maxBytes) throw new AwsError(413, "RequestEntityTooLarge", `Request size exceeded ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
