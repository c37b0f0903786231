/**
 * The most memory that renditions take, in processes of their own as the function has them: of one original, of two of the
 * kind at the same time, and of a hundred originals of all kinds one after the other. And the memory that the function
 * gets by these figures.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { release } from "../../handlers/garbage";
import { hardenSharp } from "../../handlers/image/harden";
import { imageFormats, type ImageFormat } from "../../handlers/imageTypes";
import { longEdges, renditionsOf, spec } from ".";
import { atOnce } from "./atOnce";
import { chosenMemory } from "./chosenMemory";
import { photo } from "./inputs";
import { peakMiB, rounded, type Row } from "./measures";

interface Original {
  format: ImageFormat;
  kind: string;
  /** The most that are accepted of the kind, within the limit of bytes (docs/images.md). */
  megapixels: number;
  encode(image: Sharp): Sharp;
  /** Of one colour, for encoders that take minutes otherwise; decoding takes the same memory. */
  isFlat?: boolean;
}

const SMALL = 12;
const originals: Original[] = [
  { format: "jpeg", kind: "JPEG", megapixels: 100, encode: (image) => image.jpeg() },
  { format: "jpeg", kind: "progressive JPEG", megapixels: 100, encode: (image) => image.jpeg({ progressive: true }) },
  { format: "jpeg", kind: "CMYK JPEG", megapixels: 31, encode: (image) => image.toColourspace("cmyk").jpeg() },
  { format: "png", kind: "PNG", megapixels: 100, encode: (image) => image.png(fast) },
  {
    format: "png",
    kind: "PNG, interlaced",
    megapixels: 50,
    encode: (image) => image.png({ ...fast, progressive: true }),
  },
  { format: "png", kind: "PNG of 16 bits", megapixels: 30, encode: (image) => image.toColourspace("rgb16").png(fast) },
  { format: "webp", kind: "WebP", megapixels: 100, encode: (image) => image.webp({ effort: 0 }) },
  {
    format: "webp",
    kind: "WebP, lossless",
    megapixels: 100,
    isFlat: true,
    encode: (image) => image.webp({ effort: 0, lossless: true }),
  },
  { format: "avif", kind: "AVIF", megapixels: 40, encode: (image) => image.avif({ effort: 0 }) },
  {
    format: "avif",
    kind: "AVIF with alpha",
    megapixels: 15,
    encode: (image) => image.ensureAlpha(0.5).avif({ effort: 0 }),
  },
  { format: "gif", kind: "GIF", megapixels: 100, isFlat: true, encode: (image) => image.gif({ effort: 1 }) },
  { format: "tiff", kind: "TIFF", megapixels: 40, encode: (image) => image.tiff({ compression: "lzw" }) },
  {
    format: "tiff",
    kind: "TIFF of 16 bits",
    megapixels: 26,
    encode: (image) => image.toColourspace("rgb16").tiff({ compression: "lzw" }),
  },
];
const fast = { compressionLevel: 1 };

interface Measured extends Original {
  fileMiB: number;
  /** Peaks beyond an idle process, MiB. */
  one: number;
  two: number;
}

/** `snail bench memory` */
export async function measure({ record, choose }: { record: boolean; choose: boolean }): Promise<Row[]> {
  if (choose) return chosenMemory();
  const folder = mkdtempSync(join(tmpdir(), "snail-memory-"));
  try {
    const idle = await peakOf([], 1);
    const all: Measured[] = [];
    const files: string[] = [];
    for (const original of originals)
      for (const megapixels of [SMALL, original.megapixels]) {
        const file = join(folder, `${all.length}`);
        await original.encode(grown(megapixels, original.isFlat)).toFile(file);
        const [one, two] = [(await peakOf([file], 1)) - idle, (await peakOf([file, file], 2)) - idle];
        all.push({ ...original, megapixels, fileMiB: statSync(file).size / 1_048_576, one, two });
        if (megapixels <= 40) files.push(file);
        else rmSync(file);
      }
    if (record) writeFileSync(RECORD, `${JSON.stringify(recordOf(idle, all), undefined, 2)}\n`);
    const mixed = Array.from({ length: 100 }, (_, i) => files[i % files.length] ?? "");
    const afterAll = await memoryOf(mixed, 1);
    return [
      ...all.map(({ kind, megapixels, fileMiB, one, two }) => row(kind, megapixels, rounded(fileMiB), one, two)),
      row("100 of up to 40 MP, one by one", "", "", afterAll.peak - idle, ""),
      row("what they leave", "", "", afterAll.kept - idle, ""),
      row("none: an idle process, in all", "", "", idle, ""),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (kind: string, megapixels: number | "", file: number | "", one: number, two: number | ""): Row => ({
  original: kind,
  MP: megapixels,
  "file, MiB": file,
  "one, MiB over idle": one,
  "two at once, MiB over idle": two,
});

const RECORD = join(__dirname, "../../components/measuredMemory.json");

/** By format, what its costliest kind takes beside the original's bytes, as the function's memory follows from it. */
function recordOf(idleMiB: number, all: Measured[]) {
  const formats = imageFormats.map((format) => {
    const own = all.filter((each) => each.format === format);
    const most = (those: Measured[]) => ({
      megapixels: Math.max(...those.map(({ megapixels }) => megapixels)),
      MiB: rounded(Math.max(...those.map(({ one, two, fileMiB }) => Math.max(one, two / 2) - fileMiB))),
    });
    return [
      format,
      {
        usual: most(own.filter(({ megapixels }) => megapixels === SMALL)),
        largest: most(own.filter(({ megapixels }) => megapixels > SMALL)),
      },
    ];
  });
  return { measuredAt: new Date().toISOString(), idleMiB, formats: Object.fromEntries(formats) as object };
}

/** A photo with so many pixels. */
function grown(megapixels: number, isFlat = false): Sharp {
  const height = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 4));
  const width = Math.floor((megapixels * 1e6) / height);
  if (isFlat) return sharp({ create: { width, height, channels: 3, background: "teal" } });
  return sharp(photo("d12.jpg")).resize({ width, height, fit: "fill", kernel: "linear" });
}

/** Of a process that makes renditions of these files, so many at the same time. */
const peakOf = async (files: string[], count: number): Promise<number> => (await memoryOf(files, count)).peak;

/** The most, and what the process still has at its end. */
async function memoryOf(files: string[], count: number): Promise<Record<"peak" | "kept", number>> {
  const child = fork(__filename, [String(count), ...files], {
    execArgv: ["--require", require.resolve("tsx/cjs")],
    // As the function has it (components/imageFunction.ts).
    env: { ...process.env, BENCH_MEMORY: "1", MALLOC_ARENA_MAX: "1", VIPS_BLOCK_UNTRUSTED: "1" },
  });
  const [memory] = (await once(child, "message")) as [Record<"peak" | "kept", number>];
  return memory;
}

async function makeAll([count = "1", ...files]: string[]): Promise<void> {
  hardenSharp();
  const specs = longEdges.map((edge) => spec(edge));
  await atOnce(Number(count), files, async (file) => {
    const original = readFileSync(file);
    await renditionsOf(original, specs);
    release(original);
  });
  const kept = process.memoryUsage.rss() / 1_048_576;
  process.send?.({ peak: rounded(peakMiB()), kept: rounded(kept) }, () => process.exit());
}

if (process.env.BENCH_MEMORY) void makeAll(process.argv.slice(2));
