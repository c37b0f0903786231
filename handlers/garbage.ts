/**
 * Gives the memory of bytes back at once; they are empty afterwards, and nothing may read them any more. Left alone they
 * are garbage that V8 finds late, because it sees small objects in them. Bytes that share their memory with others stay as
 * they are.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
