import sharp from "sharp";
import type { Rendition } from "../../../handlers/imagePorts";
import { imageTypes } from "./service";

/** The first thing that is not as it must be of the renditions of one file: undefined where all are right. */
export async function problemOf(made: Rendition[]): Promise<string | undefined> {
  if (made.length !== imageTypes.length) return `${made.length} of ${imageTypes.length} renditions`;
  for (const { spec, body, width, height } of made) {
    const { info } = await sharp(body, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
    if (info.width !== width || info.height !== height) return `${spec.imageType} has other sides than its record`;
    const { exif, icc, iptc, xmp, comments } = await sharp(body).metadata();
    if (exif ?? icc ?? iptc ?? xmp ?? comments) return `${spec.imageType} carries metadata`;
  }
  return undefined;
}
