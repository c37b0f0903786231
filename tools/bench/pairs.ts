/**
 * The process that `renditions.ts` measures: each message asks for the renditions of a file, made by plain sharp and here,
 * one after the other, and is answered with the CPU that each took. Here it is that of both processes, the function's and
 * its decoder's.
 */
import { readFileSync } from "node:fs";
import { hardenSharp } from "../../handlers/image/safety";
import { longEdges, plainSharp, spec } from ".";
import { startDecoder, type BenchDecoder } from "./decoder";
import { cpuMs } from "./measures";

/** Milliseconds. */
export interface Pair {
  plain: number;
  here: number;
}

const specs = longEdges.map((edge) => spec(edge));

/** Linux counts another process's time in steps of 10 ms, so that several runs are measured at once. */
const RUNS = 5;

async function pairOf(path: string, decoder: BenchDecoder): Promise<Pair> {
  const original = readFileSync(path);
  const plain = await cpuMs(() => Promise.all(specs.map((each) => plainSharp(original, each))));
  const before = decoder.usage().cpuMs;
  const own = await cpuMs(async () => {
    for (let run = 0; run < RUNS; run++) {
      const { undecodable } = await decoder.makeRenditions(original, specs, async () => undefined);
      if (undecodable !== undefined) throw new Error(undecodable);
    }
  });
  return { plain, here: (own + decoder.usage().cpuMs - before) / RUNS };
}

if (process.send) {
  hardenSharp();
  const decoder = startDecoder(process.argv[2] ?? "");
  process.on("message", (path: string) => void pairOf(path, decoder).then((pair) => process.send?.(pair)));
}
