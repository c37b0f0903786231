/**
 * The most memory that renditions take, in processes of their own as the function has them: of one original, of two of the
 * kind at the same time, as the two of a batch may meet, and of a hundred originals of all kinds one after the other.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { hardenSharp } from "../../handlers/image/harden";
import { longEdges, renditionsOf, spec } from ".";
import { photo } from "./inputs";
import { rounded, type Row } from "./measures";

/** The largest of each kind that is accepted, and smaller ones. */
const originals: [name: string, megapixels: number, encode: (image: Sharp) => Sharp][] = [
  ["JPEG", 12, (image) => image.jpeg()],
  ["JPEG", 50, (image) => image.jpeg()],
  ["JPEG", 100, (image) => image.jpeg()],
  ["progressive JPEG", 50, (image) => image.jpeg({ progressive: true })],
  ["progressive JPEG", 100, (image) => image.jpeg({ progressive: true })],
  ["PNG", 50, (image) => image.png()],
  ["PNG", 100, (image) => image.png()],
  ["interlaced PNG", 60, (image) => image.png({ progressive: true })],
  ["WebP", 50, (image) => image.webp({ effort: 0 })],
  ["AVIF", 40, (image) => image.avif({ effort: 0 })],
];

/** `snail bench memory` */
export async function measure(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "snail-memory-"));
  try {
    const rows: Row[] = [];
    const files: string[] = [];
    const idle = await peakMiB([], 1);
    for (const [name, megapixels, encode] of originals) {
      const file = join(folder, `${files.length}`);
      files.push(file);
      writeFileSync(file, await encode(grown(megapixels)).toBuffer());
      const [one, two] = [await peakMiB([file], 1), await peakMiB([file, file], 2)];
      rows.push({ input: name, MP: megapixels, "one, MiB over idle": one - idle, "two at once, MiB": two });
    }
    const small = files.filter((_, i) => (originals[i]?.[1] ?? 0) <= 50);
    const mixed = Array.from({ length: 100 }, (_, i) => small[i % small.length] ?? "");
    rows.push({
      input: "100 of up to 50 MP",
      MP: 50,
      "one, MiB over idle": (await peakMiB(mixed, 1)) - idle,
      "two at once, MiB": "",
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A photo with so many pixels. */
function grown(megapixels: number): Sharp {
  const height = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 4));
  const width = Math.floor((megapixels * 1e6) / height);
  return sharp(photo("d12.jpg")).resize({ width, height, fit: "fill", kernel: "linear" });
}

/** Of a process that makes renditions of these files, so many at the same time. */
async function peakMiB(files: string[], atOnce: number): Promise<number> {
  const child = fork(__filename, [String(atOnce), ...files], {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    // As the function has it (components/imageFunction.ts).
    env: { ...process.env, BENCH_MEMORY: "1", MALLOC_ARENA_MAX: "1", VIPS_BLOCK_UNTRUSTED: "1" },
  });
  const [peak] = (await once(child, "message")) as [number];
  return peak;
}

async function makeAll([atOnce = "1", ...files]: string[]): Promise<void> {
  hardenSharp();
  const specs = longEdges.map((edge) => spec(edge));
  const waiting = files.values();
  const work = async () => {
    for (const file of waiting) await renditionsOf(readFileSync(file), specs);
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, work));
  process.send?.(rounded(process.resourceUsage().maxRSS / 1024), () => process.exit());
}

if (process.env.BENCH_MEMORY) void makeAll(process.argv.slice(2));
