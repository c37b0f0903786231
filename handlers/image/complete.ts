import type { ImageFormat } from "../imageTypes";
import { firstParts, gifFrames, jpegSegments, mediaBoxes, pngChunks } from "./parts";

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

/** Reading its segments, which end with the image, does not throw. */
function jpeg(file: Buffer): boolean {
  return firstParts(jpegSegments(file)).length > 0;
}

function png(file: Buffer): boolean {
  const last = firstParts(pngChunks(file)).at(-1);
  return last !== undefined && last.end + 4 <= file.length;
}

/** The boxes of an ISO base media file fill it exactly. */
function avif(file: Buffer): boolean {
  const last = firstParts(mediaBoxes(file, 0, file.length)).at(-1);
  return last === undefined || last.end <= file.length;
}

/** Its frames are all there: reading one that is not throws. */
function gif(file: Buffer): boolean {
  const frames = gifFrames(file);
  while (!frames.next().done);
  return true;
}
