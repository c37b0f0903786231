/**
 * Memory and CPU of the decoder's process for the costliest originals of each kind, and their outcome under its limits.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { decoderLimits } from "../../handlers/imageTypes";
import { decoderProgram } from "../../layer/decoder";
import { longEdges, spec } from ".";
import { startDecoder } from "./decoder";
import { photo } from "./inputs";
import { rounded, type Row } from "./measures";

interface Original {
  kind: string;
  encode: (image: Sharp) => Sharp;
  /** Of one colour, for encoders that take minutes otherwise; decoding takes the same memory. */
  isFlat?: boolean;
}

const MEGAPIXELS = [12, 40, 100];
const fast = { compressionLevel: 1 };
const originals: Original[] = [
  { kind: "JPEG", encode: (image) => image.jpeg() },
  { kind: "progressive JPEG", encode: (image) => image.jpeg({ progressive: true }) },
  { kind: "CMYK JPEG", encode: (image) => image.toColourspace("cmyk").jpeg() },
  { kind: "PNG", encode: (image) => image.png(fast) },
  { kind: "PNG, interlaced", encode: (image) => image.png({ ...fast, progressive: true }) },
  { kind: "PNG of 16 bits", encode: (image) => image.toColourspace("rgb16").png(fast) },
  { kind: "WebP", encode: (image) => image.webp({ effort: 0 }) },
  { kind: "WebP, lossless", isFlat: true, encode: (image) => image.webp({ effort: 0, lossless: true }) },
  { kind: "AVIF", encode: (image) => image.avif({ effort: 0 }) },
  { kind: "AVIF with alpha", encode: (image) => image.ensureAlpha(0.5).avif({ effort: 0 }) },
  { kind: "GIF", isFlat: true, encode: (image) => image.gif({ effort: 1 }) },
  { kind: "TIFF", encode: (image) => image.tiff({ compression: "lzw" }) },
  { kind: "TIFF of 16 bits", encode: (image) => image.toColourspace("rgb16").tiff({ compression: "lzw" }) },
];

/** `snail bench memory` */
export async function measure(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "snail-memory-"));
  try {
    const program = join(folder, "decoder.js");
    writeFileSync(program, decoderProgram());
    process.env.NODE_PATH = join(__dirname, "../../node_modules");
    return await rowsOf(program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rowsOf(program: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { kind, encode, isFlat } of originals) {
    for (const each of MEGAPIXELS) {
      const original = await encode(grown(each, isFlat)).toBuffer();
      const decoder = startDecoder(program);
      try {
        // Once small, so that the process has started.
        await decoder.makeRenditions(await grown(0.01).jpeg().toBuffer(), [spec(160)], async () => undefined);
        const before = decoder.usage().cpuMs;
        const specs = longEdges.map((edge) => spec(edge));
        const rendered = await decoder.makeRenditions(original, specs, async () => undefined);
        const { cpuMs, memoryMiB } = decoder.usage();
        rows.push({
          original: kind,
          MP: each,
          "file, MiB": rounded(original.length / 1_048_576),
          "decoder, MiB": rounded(memoryMiB),
          "CPU, ms": cpuMs - before,
          outcome: rendered.undecodable === undefined ? "READY" : rendered.cause,
        });
      } finally {
        decoder.stop();
      }
    }
  }
  return [
    ...rows,
    {
      original: "limit",
      MP: "",
      "file, MiB": "",
      "decoder, MiB": decoderLimits.memoryMiB,
      "CPU, ms": decoderLimits.still.cpuMs,
      outcome: "",
    },
  ];
}

/** A photo with so many pixels. */
function grown(megapixels: number, isFlat = false): Sharp {
  const height = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 4));
  const width = Math.floor((megapixels * 1e6) / height);
  if (isFlat) return sharp({ create: { width, height, channels: 3, background: "teal" } });
  return sharp(photo("d12.jpg")).resize({ width, height, fit: "fill", kernel: "linear" });
}
