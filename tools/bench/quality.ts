/**
 * The numbers with which WebP and AVIF look as much like the picture as JPEG does, for settings of `quality`: equal MS-SSIM on
 * the average of photos and sizes. `handlers/image/encode.ts` has the last result.
 */
import { efforts } from "../../handlers/image/encode";
import { hardenSharp } from "../../handlers/image/safety";
import { fromPixels } from "../../handlers/image/pixels";
import { curve, encoded, jpeg, matching, picturesOf, type Encoder } from "./encoders";
import { rounded, type Row } from "./measures";

const SETTINGS = [1, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100];
const NUMBERS = [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 100];

const webp: Encoder = (pixels, quality) => fromPixels(pixels).webp({ quality, effort: efforts.webp });
const avif: Encoder = (pixels, quality) => fromPixels(pixels).avif({ quality, effort: efforts.avif });

/** `snail bench quality` */
export async function measure(): Promise<Row[]> {
  hardenSharp();
  const pictures = await picturesOf([960]);
  const curves = { webp: await curve(pictures, webp, NUMBERS), avif: await curve(pictures, avif, NUMBERS) };
  const rows: Row[] = [];
  for (const setting of SETTINGS) {
    const { missing, bytes } = await encoded(pictures, jpeg, setting);
    const [w, a] = [rounded(matching(curves.webp, missing).number), rounded(matching(curves.avif, missing).number)];
    rows.push({
      quality: setting,
      "missing to MS-SSIM 1": rounded(2 ** missing, 5),
      WebP: w,
      AVIF: a,
      "bytes of WebP": rounded((await encoded(pictures, webp, w)).bytes / bytes, 2),
      "bytes of AVIF": rounded((await encoded(pictures, avif, a)).bytes / bytes, 2),
    });
  }
  return rows;
}
