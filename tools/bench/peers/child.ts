/**
 * A process that makes renditions with one library, and tells what that takes: `child.ts NAME ORIGINAL FOLDER EDGES RUNS
 * PACKAGES`. The last renditions are stored in the folder, by their long edge.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cpuMs, median, peakMiB } from "../measures";
import type { Taken } from "./measurePeer";
import { makers } from "./makers";

async function taken([
  name = "",
  original = "",
  folder = "",
  edges = "",
  runs = "",
  packages = "",
]: string[]): Promise<Taken> {
  const maker = makers[name];
  if (!maker) throw new Error(`a library that is not known: ${name}`);
  const idle = peakMiB();
  const make = await maker(createRequire(join(packages, "package.json")));
  const file = readFileSync(original);
  const all = edges.split(",").map(Number);
  const samples: { cpu: number; wall: number }[] = [];
  for (let run = 0; run <= Number(runs); run++) {
    const start = performance.now();
    let made: Uint8Array[] = [];
    const cpu = await cpuMs(async () => (made = await make(file, all)));
    samples.push({ cpu, wall: performance.now() - start });
    for (const [i, body] of made.entries()) writeFileSync(join(folder, `${all[i] ?? ""}.jpg`), body);
  }
  const warm = samples.slice(1);
  return {
    cpuMs: median(warm.map(({ cpu }) => cpu)),
    wallMs: median(warm.map(({ wall }) => wall)),
    overIdleMiB: peakMiB() - idle,
  };
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

void taken(process.argv.slice(2))
  .catch((error: unknown) => ({ cannot: reason(error) }))
  .then((told: Taken) => process.send?.(told, () => process.exit()));
