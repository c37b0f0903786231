/**
 * The process that `renditions.ts` measures: each message asks for the renditions of a file, made by plain sharp and here,
 * one after the other, and is answered with the CPU that each took.
 */
import { readFileSync } from "node:fs";
import { hardenSharp } from "../../handlers/image/harden";
import { longEdges, plainSharp, renditionsOf, spec } from ".";
import { cpuMs } from "./measures";

/** Milliseconds. */
export interface Pair {
  plain: number;
  here: number;
}

const specs = longEdges.map((edge) => spec(edge));

async function pairOf(path: string): Promise<Pair> {
  const original = readFileSync(path);
  return {
    plain: await cpuMs(() => Promise.all(specs.map((each) => plainSharp(original, each)))),
    here: await cpuMs(() => renditionsOf(original, specs)),
  };
}

if (process.send) {
  hardenSharp();
  process.on("message", (path: string) => void pairOf(path).then((pair) => process.send?.(pair)));
}
