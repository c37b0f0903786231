import type { ImageFormat } from "../imageTypes";
import { gifFrames, jpegSegments, mediaBoxes, pngChunks, SOS } from "./parts";

/**
 * Whether a file goes on to its format's end mark, told from its structure without decoding anything. Bytes behind the
 * end are allowed: cameras put them there. It is a cheap first look; a file that passes may still be damaged inside.
 */
export function isComplete(format: ImageFormat, body: Uint8Array): boolean {
  const file = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  try {
    switch (format) {
      case "jpeg":
        return jpeg(file);
      case "png":
        return png(file);
      case "webp":
        return file.readUInt32LE(4) + 8 <= file.length;
      case "avif":
        return avif(file);
      case "gif":
        return gif(file);
      case "tiff":
        return true; // its parts may lie anywhere: only decoding tells
    }
  } catch {
    return false; // a read beyond the end
  }
}

/** An end of image after the first scan: entropy-coded data cannot contain that marker. */
function jpeg(file: Buffer): boolean {
  for (const { kind, start } of jpegSegments(file)) {
    if (kind === SOS) return file.lastIndexOf(Uint8Array.of(0xff, 0xd9)) > start;
  }
  return true; // decoding will tell
}

function png(file: Buffer): boolean {
  let last = 0;
  for (const { end } of pngChunks(file)) last = end;
  return last + 4 <= file.length;
}

/** The boxes of an ISO base media file fill it exactly. */
function avif(file: Buffer): boolean {
  let last = 0;
  for (const { end } of mediaBoxes(file, 0, file.length)) last = end;
  return last <= file.length;
}

/** Its frames are all there: reading one that is not throws. */
function gif(file: Buffer): boolean {
  const frames = gifFrames(file);
  while (!frames.next().done);
  return true;
}
