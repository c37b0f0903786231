/**
 * CPU, bytes and quality of five JPEG renditions against plain sharp, on the same inputs, in interleaved pairs.
 * The milliseconds are this machine's; the ratios travel, if nothing else keeps the machine busy.
 * It runs under tsx: the compiler that ts-node holds in memory makes
 * garbage collections cost 20 ms, which no function would see.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { hardenSharp } from "../../handlers/image/harden";
import { longEdges, pixelsIn, plainSharp, psnr, reference, renditionsOf, spec } from ".";

const specs = longEdges.map((edge) => spec(edge));

/** `snail bench renditions` */
export async function run({ pairs }: { pairs: number }): Promise<void> {
  hardenSharp();
  console.log("| input | plain sharp, ms | here, ms | ratio | bytes | least PSNR against plain sharp's, dB |");
  console.log("|---|---|---|---|---|---|");
  for (const [name, original] of await inputs()) console.log(await row(name, original, pairs));
}

async function inputs(): Promise<[string, Buffer][]> {
  const photo = (file: string) => readFileSync(join(__dirname, "../../test/photos", file));
  const p12 = photo("p12.jpg");
  const small = await sharp(p12).resize(1920).png().toBuffer(); // no JPEG, or encoding it again would be flattered
  return [
    ["12 MP JPEG (p12)", p12],
    ["12 MP JPEG (d12)", photo("d12.jpg")],
    ["phone: Display P3, rotated", photo("p12-o6p3n.jpg")],
    ["embedded sRGB profile", await sharp(p12).withIccProfile("srgb").jpeg({ quality: 90 }).toBuffer()],
    ["progressive", await sharp(p12).jpeg({ quality: 90, progressive: true }).toBuffer()],
    ["PNG (1920)", small],
    ["WebP (1920)", await sharp(small).webp().toBuffer()],
    ["AVIF (1920)", await sharp(small).avif({ effort: 0 }).toBuffer()],
    ["CMYK (1920)", await sharp(small).toColourspace("cmyk").jpeg().toBuffer()],
  ];
}

async function row(name: string, original: Buffer, pairs: number): Promise<string> {
  const plain = () => Promise.all(specs.map((each) => plainSharp(original, each)));
  const here = () => renditionsOf(original, specs);
  const [theirs, ours] = [await plain(), await here()]; // and warm
  const samples: { plain: number; here: number }[] = [];
  for (let i = 0; i < pairs; i++) samples.push({ plain: await cpu(plain), here: await cpu(here) });

  const differences: number[] = [];
  for (const [i, made] of ours.entries()) {
    const ideal = await reference(original, made);
    const other = theirs[i];
    if (other) differences.push(psnr(await pixelsIn(made.body), ideal) - psnr(await pixelsIn(other.data), ideal));
  }
  const bytes = total(ours.map(({ body }) => body.byteLength)) / total(theirs.map(({ data }) => data.byteLength));
  const cells = [
    name,
    median(samples.map((sample) => sample.plain)).toFixed(0),
    median(samples.map((sample) => sample.here)).toFixed(0),
    median(samples.map((sample) => sample.here / sample.plain)).toFixed(2),
    bytes.toFixed(2),
    Math.min(...differences).toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** User and system time of the whole process, in milliseconds. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
