/**
 * Measures how long uploads take while a backfill makes renditions of stored images: the local service takes images in, starts
 * again with other image types, and `snail backfill` runs twice: it is stopped halfway as by Ctrl-C, and the same command goes on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";

import { LocalService } from "../commands";
import { atOnce } from "./atOnce";
import { photo } from "./inputs";
import { rounded, type Row } from "./measures";

interface Flags {
  images: number;
  /** Uploads a second, beside the backfill. */
  uploads: number;
  /** Images a second that the backfill begins, at most. */
  rate: number;
}

/** Two of the renditions of each image come to differ: `large` in quality, `thumbnail` in size. */
const otherTypes = {
  large: { width: 2016, height: 2016, quality: 75 },
  medium: { width: 1280, height: 1280 },
  small: { width: 640, height: 640 },
  preview: { width: 320, height: 320 },
  thumbnail: { width: 200, height: 200, fit: "cover" },
};
/** Uploads under way at the same time, before anything is measured. */
const UPLOADERS = 8;
const ALONE_SECONDS = 60;

/** `snail bench backfill` */
export async function measure({ images, uploads, rate }: Flags): Promise<Row[]> {
  const picture = await sharp(photo("p12.jpg")).resize(400).jpeg({ quality: 90 }).toBuffer();
  const data = mkdtempSync(join(tmpdir(), "snail-images-bench-"));
  const services: LocalService[] = [];
  const start = async (flags: string[] = []): Promise<LocalService> => {
    const service = await LocalService.start({ data, flags });
    services.push(service);
    return service;
  };
  try {
    const before = await start();
    const stored = Array.from({ length: images }, (_, i) => `stored-${i}.jpg`);
    await atOnce(UPLOADERS, stored, uploadsTo(before, picture));
    await before.stop();
    const after = await start(["--config", `imageTypes=${JSON.stringify(otherTypes)}`]);
    const upload = uploadsTo(after, picture);
    const live = (phase: string, work: () => Promise<Renewed>) =>
      measured(phase, work, (end) => uploading(upload, { rate: uploads, phase }, end));
    const backfill = (stopAt?: number) => renew(data, rate, stopAt);
    return [
      await live("uploads alone", async () => {
        await sleep(ALONE_SECONDS * 1000);
        return { done: 0, left: images };
      }),
      await live("until Ctrl-C", () => backfill(Math.floor(images / 2))),
      await live("the same command again", () => backfill()),
    ];
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    rmSync(data, { recursive: true, force: true });
  }
}

/** Puts a picture, and resolves with the seconds from the start of the PUT to its READY line. */
type Upload = (name: string) => Promise<number>;

function uploadsTo(service: LocalService, picture: Buffer): Upload {
  const waiting = new Map<string, () => void>();
  const over = service.untilLine((line) => {
    waiting.get(/(\S+): ready/.exec(line)?.[1] ?? "")?.();
    return false;
  });
  over.catch(() => undefined); // it ends at last; waiters are rejected below
  return async (name) => {
    const startedAt = performance.now();
    const ready = new Promise<void>((resolve) => waiting.set(name, resolve));
    const { status } = await service.put(name, picture);
    if (status !== 202) throw new Error(`PUT ${name} answered ${status}`);
    await Promise.race([ready, over]);
    return (performance.now() - startedAt) / 1000;
  };
}

/** Uploads at a rate, however long each takes. Resolves with the seconds of each, once all are READY. */
async function uploading(upload: Upload, { rate, phase }: { rate: number; phase: string }, end: AbortSignal) {
  const begun: Promise<number>[] = [];
  while (!end.aborted) {
    begun.push(upload(`${phase.replaceAll(" ", "-")}-${begun.length}.jpg`));
    await sleep(1000 / rate);
  }
  return Promise.all(begun);
}

interface Renewed {
  done: number;
  left: number;
}

/** Runs `snail backfill`, and stops it once `stopAt` images are done. */
async function renew(data: string, rate: number, stopAt = Infinity): Promise<Renewed> {
  const args = ["tools/commands/snail.js", "backfill", "--data", data, "--rate", String(rate), "--yes"];
  const child = spawn(process.execPath, args, { cwd: join(__dirname, "../.."), stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = await linesOf(child, (line) => {
    if (child.killed || Number(/(\d+) of \d+ images,/.exec(line)?.[1] ?? 0) < stopAt) return;
    child.kill("SIGINT"); // a second one would end it at once
  });
  await ended;
  const text = lines.join("\n");
  const done = /^(\d+) done\./m.exec(text)?.[1];
  if (done === undefined || text.includes("not finished")) throw new Error(`the backfill failed:\n${text}`);
  return { done: Number(done), left: Number(/: (\d+) are left/.exec(text)?.[1] ?? 0) };
}

async function linesOf({ stdout }: ChildProcess, tell: (line: string) => void): Promise<string[]> {
  if (!stdout) return [];
  const lines: string[] = [];
  for await (const line of createInterface(stdout)) {
    lines.push(line);
    tell(line);
  }
  return lines;
}

async function measured(
  phase: string,
  work: () => Promise<Renewed>,
  upload: (end: AbortSignal) => Promise<number[]>,
): Promise<Row> {
  const end = new AbortController();
  const startedAt = performance.now();
  const [{ done, left, seconds }, latencies] = await Promise.all([
    work()
      .then((renewed) => ({ ...renewed, seconds: (performance.now() - startedAt) / 1000 }))
      .finally(() => end.abort()),
    upload(end.signal),
  ]);
  const sorted = latencies.sort((a, b) => a - b);
  const percentile = (share: number): number => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN, 2);
  return {
    phase,
    "time, s": rounded(seconds),
    "images backfilled": done,
    left,
    uploads: sorted.length,
    "median to READY, s": percentile(0.5),
    "p99, s": percentile(0.99),
    "slowest, s": percentile(1),
  };
}
