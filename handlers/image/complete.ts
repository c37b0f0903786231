import type { ImageFormat } from "../imageTypes";

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
        return boxes(file);
      case "gif":
        return gif(file);
      case "tiff":
        return true; // its parts may lie anywhere: only decoding tells
    }
  } catch {
    return false; // a read beyond the end
  }
}

/** Segments up to the first scan, and an end of image after it: entropy-coded data cannot contain that marker. */
function jpeg(file: Buffer): boolean {
  let offset = 2;
  for (;;) {
    while (file.readUInt8(offset + 1) === 0xff) offset++; // fill bytes
    if (file.readUInt8(offset) !== 0xff) return true; // not a marker: decoding will tell
    if (file[offset + 1] === 0xda) return file.lastIndexOf(Uint8Array.of(0xff, 0xd9)) > offset;
    offset += 2 + file.readUInt16BE(offset + 2);
  }
}

function png(file: Buffer): boolean {
  for (let offset = 8; ; offset += 12 + file.readUInt32BE(offset)) {
    if (file.readUInt32BE(offset + 4) === 0x49454e44 /* IEND */) return offset + 12 <= file.length;
  }
}

/** The boxes of an ISO base media file fill it exactly; the last one may be open-ended. */
function boxes(file: Buffer): boolean {
  let offset = 0;
  while (offset < file.length) {
    const size = file.readUInt32BE(offset);
    if (size === 0) return true;
    const length = size === 1 ? Number(file.readBigUInt64BE(offset + 8)) : size;
    if (length < 8) return true; // not a box: decoding will tell
    offset += length;
  }
  return offset === file.length;
}

/** Extensions and frames up to the trailer. */
function gif(file: Buffer): boolean {
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const afterSubBlocks = (start: number) => {
    let offset = start;
    while (file.readUInt8(offset) !== 0) offset += 1 + file.readUInt8(offset);
    return offset + 1;
  };
  let offset = 13 + colours(file.readUInt8(10));
  for (;;) {
    const introducer = file.readUInt8(offset);
    if (introducer === 0x21) offset = afterSubBlocks(offset + 2);
    else if (introducer === 0x2c) offset = afterSubBlocks(offset + 11 + colours(file.readUInt8(offset + 9)));
    else return true; // the trailer (0x3b), or junk that decoders pass over
  }
}
