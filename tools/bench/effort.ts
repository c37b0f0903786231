/**
 * The cost of each effort of the encoders of WebP and AVIF at the same MS-SSIM: its CPU on Lambda, and its bytes, kept and
 * delivered.
 */
import { hardenSharp } from "../../handlers/image/safety";
import { fromPixels } from "../../handlers/image/pixels";
import { assumptions, pricesOf } from "../commands";
import { curve, encoded, jpeg, matching, picturesOf, type Encoder } from "./encoders";
import { cpuMs, median, rounded, type Row } from "./measures";

const efforts: [format: string, efforts: number[], encoder: (effort: number) => Encoder, numbers: number[]][] = [
  [
    "WebP",
    [0, 1, 2, 3, 4, 5, 6],
    (effort) => (pixels, quality) => fromPixels(pixels).webp({ quality, effort }),
    [70, 80, 90],
  ],
  ["AVIF", [0, 1, 2, 3], (effort) => (pixels, quality) => fromPixels(pixels).avif({ quality, effort }), [55, 65, 75]],
];

/** `snail bench effort` */
export async function measure({ months, views }: { months: number; views: number }): Promise<Row[]> {
  hardenSharp();
  const { prices } = pricesOf("us-east-1");
  const pictures = await picturesOf([1280]);
  const { missing } = await encoded(pictures, jpeg, 80);
  const rows: Row[] = [];
  for (const [format, all, encoderOf, numbers] of efforts)
    for (const effort of all) {
      const encoder = encoderOf(effort);
      const number = Math.round(matching(await curve(pictures, encoder, numbers), missing).number);
      // Between whole numbers: one step is as much as two efforts differ.
      const near = await curve(pictures, encoder, [number - 2, number - 1, number, number + 1, number + 2]);
      const { bytes } = matching(near, missing);
      const samples = [];
      for (let i = 0; i < 5; i++)
        samples.push(
          await cpuMs(async () => {
            for (const picture of pictures) await encoder(picture, number).toBuffer();
          }),
        );
      const [cpu, kilobytes] = [median(samples) / pictures.length, bytes / pictures.length / 1000];
      // A million of renditions, of whose kilobytes each makes a gigabyte.
      const compute = (cpu / 1000) * (assumptions.vcpuMb / 1024) * prices.lambdaGbSecondArm64 * 1e6;
      const kept = kilobytes * prices.s3GbMonth * months;
      const delivered = kilobytes * prices.cloudfrontGb * views;
      rows.push({
        format,
        effort,
        number,
        "CPU, ms": rounded(cpu),
        KB: rounded(kilobytes),
        "CPU, USD": rounded(compute, 2),
        "kept, USD": rounded(kept, 2),
        "delivered, USD": rounded(delivered, 2),
        "all, USD": rounded(compute + kept + delivered, 2),
      });
    }
  return rows;
}
