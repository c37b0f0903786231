import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { START_BYTES } from "../../../handlers/aws/tempImages";
import { limits } from "./service";

/** A file, or the start of one that is larger than any upload may be: it is refused for its size. @throws Error where it cannot be read */
export function readFile(path: string | Buffer): { bytes: number; body: Buffer } {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a queue would wait for its writer
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error("it is not a file");
    if (stat.size <= limits.maxBytes) {
      const body = readFileSync(file);
      return { bytes: body.length, body };
    }
    const start = Buffer.alloc(START_BYTES);
    return { bytes: stat.size, body: start.subarray(0, readSync(file, start)) };
  } finally {
    closeSync(file);
  }
}
