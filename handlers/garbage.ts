import { setFlagsFromString } from "node:v8";

/**
 * Gives the memory of bytes back at once; they are empty afterwards, and nothing may read them any more. Left alone they
 * are garbage that V8 finds late, because it sees small objects in them. Bytes that share their memory with others stay as
 * they are.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/**
 * Has V8 look through its whole heap for garbage when that has grown to four times what was left, pixels included. By itself
 * it does so after every 8 MB, less than one photo takes, and each time reads all 15 MB of code and data again: 50 ms of CPU
 * for a photo, in this thread and its helpers. Call it once, where large images are worked on.
 */
export function collectSeldom(): void {
  // Not by NODE_OPTIONS, which do not allow the flag. A Node without it would say so on stderr, and go on as ever.
  setFlagsFromString("--heap-growing-percent=300");
}
