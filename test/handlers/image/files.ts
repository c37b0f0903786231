import { crc32 } from "node:zlib";

import sharp, { type Sharp } from "sharp";
import { inspectUpload } from "../../../handlers/image/inspect";
import { widestLimits } from "../../../handlers/imageTypes";
import type { UploadedBytes } from "../../../handlers/ports";

/** Returns an upload with a start of `startBytes`, which records the parts that are read. */
export function uploadOf(
  body: Uint8Array,
  startBytes = 131_072,
): UploadedBytes & { reads: [from: number, to: number][] } {
  const reads: [number, number][] = [];
  return {
    bytes: body.byteLength,
    start: body.subarray(0, startBytes),
    reads,
    read: (from, to) => {
      reads.push([from, to]);
      return Promise.resolve(body.subarray(from, to));
    },
  };
}

/** The verdict on a file. */
export async function inspected(body: Uint8Array, limits = widestLimits) {
  const inspection = await inspectUpload(uploadOf(body), limits);
  if (!inspection) throw new Error("the upload is gone");
  return inspection;
}

/** A small picture whose corners differ: red, green, blue, and white at the lower right. */
export function corners(width = 64, height = 48): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const right = x >= width / 2;
      const low = y >= height / 2;
      data.set(right ? (low ? [255, 255, 255] : [0, 255, 0]) : low ? [0, 0, 255] : [255, 0, 0], (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The colours of an image's corners, clockwise from the upper left, as the letters r, g, b and w. */
export async function cornersOf(image: Uint8Array): Promise<string> {
  const { data, info } = await sharp(image)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const letter = (x: number, y: number) => {
    const [r = 0, g = 0, b = 0] = data.subarray((y * info.width + x) * 3);
    const bright = [r, g, b].map((value) => value > 128);
    return bright.every(Boolean) ? "w" : (["r", "g", "b"][bright.indexOf(true)] ?? "black");
  };
  const [left, right] = [Math.floor(info.width / 8), Math.floor((info.width * 7) / 8)];
  const [top, bottom] = [Math.floor(info.height / 8), Math.floor((info.height * 7) / 8)];
  return letter(left, top) + letter(right, top) + letter(right, bottom) + letter(left, bottom);
}

/** The header of an ISO base media file: a box `ftyp` with its brands. */
export function ftyp(...brands: string[]): Buffer {
  const [major = "", ...compatible] = brands;
  const box = Buffer.concat([Buffer.from(`0000ftyp${major}0000${compatible.join("")}`, "latin1"), Buffer.alloc(16)]);
  box.writeUInt32BE(box.length - 16);
  box.writeUInt32BE(16, box.length - 16); // an empty box behind it
  box.write("free", box.length - 12);
  return box;
}

/** A PNG whose header claims any size, with next to no data: a decompression bomb's beginning. */
export async function pngOfSize(width: number, height: number): Promise<Buffer> {
  const png = await corners().png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
