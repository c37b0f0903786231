import type { ImageFormat } from "../imageTypes";
import { gifFrames } from "./gif";
import { firstParts, jpegSegments, mediaBoxes, pngChunks, SOS, type Bytes } from "./parts";

/**
 * Whether a file goes on to its format's end mark, told from its structure without decoding anything. Bytes behind the
 * end are allowed: cameras put them there. It is a cheap first look; a file that passes may still be damaged inside.
 */
export function isComplete(format: ImageFormat, file: Bytes): boolean {
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

/** How much of a JPEG's end is looked at where its middle is not at hand. */
const END_BYTES = 65_536;

/** Its header goes on to its pixels. Whether these are all there, the count of its scans tells (jpeg.ts). */
function jpeg(file: Bytes): boolean {
  for (const { kind } of jpegSegments(file)) if (kind === SOS) break;
  return !(file.isPartial && isScan(file.subarray(Math.max(0, file.length - END_BYTES))));
}

/** So many stuffed bytes make a scan: other data could have a few by chance, and no other marker. */
const STUFFED = 16;

/** Whether bytes are entropy-coded data to their end: whatever cameras put behind an image is something else. */
function isScan(bytes: Buffer): boolean {
  let stuffed = 0;
  for (let at = bytes.indexOf(0xff); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes.readUInt8(at + 1);
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return false;
    stuffed++;
  }
  return stuffed >= STUFFED;
}

function png(file: Bytes): boolean {
  const last = firstParts(pngChunks(file)).at(-1);
  return last !== undefined && last.end + 4 <= file.length;
}

/** The boxes of an ISO base media file fill it exactly. */
function avif(file: Bytes): boolean {
  const last = firstParts(mediaBoxes(file, 0, file.length)).at(-1);
  return last === undefined || last.end <= file.length;
}

/** Its frames are all there: reading one that is not throws. */
function gif(file: Bytes): boolean {
  const frames = gifFrames(file);
  while (!frames.next().done);
  return true;
}
