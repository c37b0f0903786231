/**
 * Other image libraries beside this one, in the same run: the same originals, the same five renditions as JPEG of each library's
 * own quality 80, each library in a process of its own.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { targetOf } from "../../handlers/image/sizes";
import { longEdges, pixelsIn, psnr, reference, similarity, spec } from ".";
import { inputs } from "./inputs";
import { rounded, total, type Row } from "./measures";
import { dependencies } from "./peers/package.json";
import { installPackages, packagesFolder, programs } from "./peers/installed";
import { measurePackage, measureWithPython, type Taken, type Work } from "./peers/measurePeer";

/** Of `inputs`: a plain photo, one with a profile and a rotation, and the other formats. */
const CHOSEN = ["12 MP JPEG (p12)", "phone: Display P3, rotated", "PNG (1920)", "WebP (1920)", "AVIF (1920)"];

/** The long edge of the renditions whose MS-SSIM is told: that of larger ones takes longer than making them. */
const COMPARED = 640;

/** `snail bench peers` */
export async function measure({ install, runs }: { install: boolean; runs: number }): Promise<Row[]> {
  if (install) installPackages();
  const packages = packagesFolder();
  const known = Object.entries(dependencies);
  const fromNpm = existsSync(packages) ? known : [];
  if (fromNpm.length === 0) console.error("Packages of npm are not measured: --install installs them in your cache.");
  const peers = [
    ...["plain sharp", "here"].map((name) => ({ name, by: name, of: measurePackage })),
    ...fromNpm.map(([name, version]) => ({ name: `${name} ${version}`, by: name, of: measurePackage })),
    ...programs().map(({ name, program }) => ({ name, by: program, of: measureWithPython })),
  ];
  const folder = mkdtempSync(join(tmpdir(), "snail-peers-"));
  try {
    const rows: Row[] = [];
    for (const [input, original] of (await inputs()).filter(([name]) => CHOSEN.includes(name))) {
      const work = { original: join(folder, "original"), folder: join(folder, "made"), edges: longEdges, runs };
      writeFileSync(work.original, original);
      let plainMs = NaN;
      for (const { name, by, of } of peers) {
        rmSync(work.folder, { recursive: true, force: true });
        mkdirSync(work.folder);
        const taken = await of(by, work, packages);
        if (by === "plain sharp" && "cpuMs" in taken) plainMs = taken.cpuMs;
        rows.push({ input, library: name, ...(await cells(taken, original, work, plainMs)) });
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cells(taken: Taken, original: Buffer, work: Work, plainMs: number): Promise<Row> {
  if ("cannot" in taken) return row({ note: `cannot: ${taken.cannot.split("\n")[0] ?? ""}` });
  const header = await sharp(original).metadata();
  const made = work.edges.map((edge) => readFileSync(join(work.folder, `${edge}.jpg`)));
  const decibels: number[] = [];
  let alike = NaN;
  let note = "";
  for (const [i, body] of made.entries()) {
    const { size } = targetOf(header.autoOrient, spec(work.edges[i] ?? 0));
    const { width, height } = await sharp(body).metadata();
    // Some round the shorter side otherwise.
    if (Math.abs(width - size.width) > 1 || Math.abs(height - size.height) > 1) note = "not turned upright";
    else {
      const ideal = await reference(original, { width, height });
      const pixels = await pixelsIn(body);
      decibels.push(psnr(pixels, ideal));
      if (work.edges[i] === COMPARED) alike = similarity(pixels, ideal, { width, height });
    }
  }
  return row({
    cpu: rounded(taken.cpuMs),
    ratio: rounded(taken.cpuMs / plainMs, 2),
    wall: rounded(taken.wallMs),
    peak: rounded(taken.overIdleMiB),
    bytes: rounded(total(made.map(({ length }) => length)) / 1000),
    ...(note === "" && {
      psnr: rounded(Math.min(...decibels), 1),
      similarity: rounded(alike, 4),
    }),
    note,
  });
}

type Cells = Partial<Record<"cpu" | "ratio" | "wall" | "peak" | "bytes" | "psnr" | "similarity", number>>;

const row = ({ cpu, ratio, wall, peak, bytes, psnr, similarity, note }: Cells & { note: string }): Row => ({
  "CPU, ms": cpu ?? "",
  "× plain sharp": ratio ?? "",
  "time, ms": wall ?? "",
  "peak, MiB over idle": peak ?? "",
  KB: bytes ?? "",
  "least PSNR, dB": psnr ?? "",
  [`MS-SSIM at ${COMPARED}`]: similarity ?? "",
  note,
});
