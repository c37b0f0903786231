import type { Segment } from "./bodyFiles";
import type { Digest } from "./checksums";
import type { S3Context } from "./context";

/** Shows stored bytes to digests. */
export async function digestStored(
  s3: S3Context,
  segments: readonly Segment[],
  range: { first: number; length: number },
  digests: readonly Digest[],
): Promise<void> {
  if (digests.length === 0) return;
  const body = await s3.bodies.read(segments, range.first, range.length);
  const chunks = body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array>);
  for await (const chunk of chunks) for (const digest of digests) digest.update(chunk);
}
