import sharp from "sharp";
import type { Rendition } from "../../../handlers/imagePorts";
import type { RenditionSpec } from "../../../handlers/imageTypes";

/** The first thing that is not as it must be of the renditions of one file: undefined where all are right. */
export async function problemOf(made: Rendition[], imageTypes: RenditionSpec[]): Promise<string | undefined> {
  if (made.length !== imageTypes.length) return `${made.length} of ${imageTypes.length} renditions`;
  for (const { spec, body, width, height } of made) {
    const { animated = false } = spec;
    const { info } = await sharp(body, { failOn: "warning", animated }).raw().toBuffer({ resolveWithObject: true });
    const { exif, icc, iptc, xmp, comments, pages = 1 } = await sharp(body).metadata();
    if (info.width !== width || info.height !== height * (animated ? pages : 1))
      return `${spec.imageType} has other sides than its record`;
    if (exif ?? icc ?? iptc ?? xmp ?? comments) return `${spec.imageType} carries metadata`;
  }
  return undefined;
}
